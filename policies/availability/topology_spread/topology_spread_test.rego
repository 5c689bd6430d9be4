package availability.topology_spread_test

import data.availability.topology_spread.observations
import data.availability.topology_spread.warn
import data.lib.testing
import rego.v1

constraint(key, selector) := {"topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": selector}

own := {"matchLabels": {"app": "app"}}

host := constraint("kubernetes.io/hostname", own)

zone := constraint("topology.kubernetes.io/zone", own)

spread(constraints) := testing.given([testing.deployment({
	"containers": [testing.serving({}, {})],
	"topologySpreadConstraints": constraints,
})])

said(constraints) := messages if {
	messages := {seen.message | some seen in warn} with input as spread(constraints)
}

no_host := "the pod template is spread over kubernetes.io/hostname by 0 constraints"

no_zone := "the pod template is spread over topology.kubernetes.io/zone by 0 constraints"

test_hosts_and_zones_hold if {
	{[seen.value, seen.holds, seen.message] |
		some seen in observations
		seen.path == "spec.template.spec.topologySpreadConstraints"
		seen.expected == "a constraint that selects the pod"
	} == {
		[["ScheduleAnyway"], true, "the pod template is spread over kubernetes.io/hostname by 1 constraints"],
		[["ScheduleAnyway"], true, "the pod template is spread over topology.kubernetes.io/zone by 1 constraints"],
	} with input as spread([host, zone])
}

test_one_of_them_alone_is_warned_of if {
	said([host]) == {no_zone}
	said([zone]) == {no_host}
}

test_constraints_that_cannot_be_read_are_warned_of if {
	every constraints in [null, [], "text", [null]] {
		said(constraints) == {no_host, no_zone}
	}
}

test_a_constraint_for_other_pods_is_warned_of if {
	said([zone, constraint("kubernetes.io/hostname", {"matchLabels": {"app": "other"}})]) == {no_host}
	said([zone, {"topologyKey": "kubernetes.io/hostname"}]) == {no_host}
}

test_a_difference_of_all_pods_is_warned_of if {
	said([zone, object.union(host, {"maxSkew": 1})]) == set()
	said([zone, object.union(host, {"maxSkew": 2})]) == {no_host}
	{seen.message | some seen in warn} == set() with input as replicated(3, 2)
	{seen.message | some seen in warn} == {no_host} with input as replicated(3, 3)
}

replicated(replicas, skew) := testing.given([object.union(
	testing.deployment({
		"containers": [testing.serving({}, {})],
		"topologySpreadConstraints": [zone, object.union(host, {"maxSkew": skew})],
	}),
	{"spec": {"replicas": replicas}},
)])

test_pods_without_siblings_are_not_looked_at if {
	observations == set() with input as testing.given([testing.job({"containers": [testing.serving({}, {})]})])
	observations == set() with input as testing.container({})
}
