# METADATA
# title: How random a text looks
# description: >-
#   Shannon's entropy of a text's characters, in bits a character. Random keys of 20 characters and more have above 4 of letters and
#   digits, above 3 of hexadecimal digits; words have less. Rego has no logarithm, so a table has them.
package lib.entropy

import rego.v1

# Of the first 64 characters; of an empty text 0.
bits(text) := (whole - sum(found)) / length if {
	characters := split(substring(text, 0, _most), "")
	length := count(characters)
	length > 0
	whole := _weights[length]
	found := [weight |
		some character in {each | some each in characters}
		times := count([each | some each in characters; each == character])
		weight := _weights[times]
	]
} else := 0

_most := 64

# n times the logarithm of n to base 2, for n from 0 on.
_weights := [
	0, 0, 2, 4.754888, 8, 11.60964, 15.509775, 19.651484, 24,
	28.529325, 33.219281, 38.053748, 43.01955, 48.105716, 53.302969, 58.603359, 64, 69.486868,
	75.05865, 80.710623, 86.438562, 92.238666, 98.107496, 104.041925, 110.0391, 116.096405, 122.211433,
	128.381963, 134.605938, 140.881449, 147.206718, 153.580086, 160, 166.465006, 172.973737, 179.524906,
	186.1173, 192.749775, 199.421246, 206.130687, 212.877124, 219.659632, 226.477332, 233.329384, 240.214991,
	247.133389, 254.08385, 261.065676, 268.0782, 275.120782, 282.192809, 289.293692, 296.422865, 303.579784,
	310.763925, 317.974784, 325.211876, 332.474731, 339.762898, 347.07594, 354.413436, 361.774978, 369.160171,
	376.568635, 384,
]
