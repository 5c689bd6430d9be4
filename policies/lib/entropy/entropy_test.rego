package lib.entropy_test

import data.lib.entropy
import rego.v1

near(value, expected) if abs(value - expected) < 0.0001

test_one_character_tells_nothing if {
	near(entropy.bits("aaaa"), 0)
	entropy.bits("") == 0
}

test_equally_many_of_each_character_are_its_logarithm if {
	near(entropy.bits("abab"), 1)
	near(entropy.bits("0123456789abcdef"), 4)
	near(entropy.bits("0123456789abcdef0123456789abcdef"), 4)
}

test_words_have_less_than_random_keys if {
	entropy.bits("authorizationdatabase") < 3.5
	entropy.bits("q7Zp2LxV9sTb4KdR8mWc1NfY") > 4
}

test_only_the_first_characters_count if {
	long := concat("", ["abababab" | some _ in numbers.range(1, 20)])
	near(entropy.bits(long), 1)
}
