# METADATA
# title: Image references
# description: Takes an image reference apart, as container runtimes do.
package lib.images

import rego.v1

# What each container runs: {container, image (as written, null where absent), registry, repository (its registry included),
# tag, digest, pinned (true for a whole sha256 digest)}; what is absent is "".
used := [object.union(_parsed(image), {"container": container, "image": image}) |
	some container in data.lib.kubernetes.containers
	image := object.get(container.spec, "image", null)
]

_parsed(image) := {
	"registry": registry,
	"repository": concat("/", [registry, part[3]]),
	"tag": part[4],
	"digest": part[5],
	"pinned": regex.match(`^sha256:[0-9a-f]{64}$`, part[5]),
} if {
	is_string(image)
	matched := regex.find_all_string_submatch_n(_reference, image, 1)
	part := matched[0]
	registry := _registry(part[2])
} else := {"registry": "", "repository": "", "tag": "", "digest": "", "pinned": false}

_registry("") := "docker.io"

_registry(named) := named if named != ""

# [registry "/"] path [":" tag] ["@" digest]; only a first segment with a dot or a colon, or localhost, is a registry.
_reference := `^(([^/@]*[.:][^/@]*|localhost)/)?([^@:]+)(?::([^@/:]+))?(?:@(.+))?$`
