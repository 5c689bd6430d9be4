# METADATA
# title: What Kubernetes' Pod Security reads of a pod
# description: >-
#   `settings` has one entry a pod: the `pod`; `all`, the pod and its containers; and `containers` alone. Each of these is
#   {target, context, spec}, with what it says in securityContext ({} for nothing that can be read). `minor` is the minor version of
#   Kubernetes whose levels apply, from the parameter kubernetes_version; undefined where that names none from 1.25 on, and
#   then `unjudged` has a failing observation for each pod.
package lib.pod_security

import data.lib.kubernetes
import data.lib.observation
import rego.v1

settings := [setting |
	some pod in data.lib.kubernetes.pods
	containers := [found |
		some container in data.lib.kubernetes.containers
		container.subject == pod.subject
		found := {"target": container, "context": kubernetes.map(container.spec, "securityContext"), "spec": container.spec}
	]
	own := {"target": pod, "context": kubernetes.map(pod.spec, "securityContext"), "spec": pod.spec}
	setting := {"pod": pod, "containers": containers, "all": array.concat([own], containers)}
]

minor := number if {
	value := data.lib.parameters.kubernetes_version
	parts := split(trim_prefix(value, "v"), ".")
	parts[0] == "1"
	regex.match(`^[0-9]+$`, parts[1])
	number := to_number(parts[1])
	number >= 25
}

unjudged contains observation.saying(pod, "securityContext", null, expected, false, sentence) if {
	not minor
	some pod in data.lib.kubernetes.pods
	expected := "the parameter kubernetes_version, a text such as \"1.34\""
	sentence := "cannot be judged: the parameter kubernetes_version is missing or is no text that names a version from 1.25 on"
}

# From 1.35 on, three checks let a pod pass that has a user namespace of its own (hostUsers false).
default knows_user_namespaces := false

knows_user_namespaces if minor >= 35

# What each rule over settings observes: one observation for each place that sets something, or one for a pod that sets nothing.
# `field` is where a pod that sets nothing would have set it; `found` is a list with an entry for each pod of settings: the list of {target, field, value, holds} of its places.
observed(found, field, expected, nothing) := array.concat(
	[made |
		some places in found
		some place in places
		made := observation.of(place.target, place.field, place.value, expected, place.holds)
	],
	[made |
		some index, places in found
		places == []
		pod := settings[index].pod
		made := observation.saying(pod, field, null, expected, true, nothing)
	],
)
