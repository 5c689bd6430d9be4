package identity.one_cloud_identity_test

import data.identity.one_cloud_identity.deny
import data.identity.one_cloud_identity.observations
import data.lib.testing
import rego.v1

role := "arn:aws:iam::123456789012:role/spicedb"

annotated(arn) := object.union(
	testing.object_of("v1", "ServiceAccount", "server", {}),
	{"metadata": {"annotations": {"eks.amazonaws.com/role-arn": arn}}},
)

association(account, arn) := testing.object_of("eks.services.k8s.aws/v1alpha1", "PodIdentityAssociation", account, {"spec": {
	"namespace": "here",
	"serviceAccount": account,
	"roleARN": arn,
}})

signing := {"SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME": "aws-iam"}

server := testing.deployment({"serviceAccountName": "server", "containers": [testing.serving(signing, {})]})

migration := testing.job({"serviceAccountName": "migration", "containers": [testing.migrating(signing, {})]})

denied(objects) := found if {
	found := {seen.message | some seen in deny} with input as testing.given(objects)
}

test_one_role_that_the_pod_runs_with_holds if {
	{[seen.path, seen.value, seen.holds, seen.message] | some seen in observations} == {
		["metadata.annotations", 1, true, "ServiceAccount \"server\" has 1 roles of AWS"],
		["spec.roleARN", "arn:aws:iam::123456789012:role/spicedb", true, "PodIdentityAssociation \"server\" names the role \"arn:aws:iam::123456789012:role/spicedb\""],
		[
			"spec.serviceAccount",
			"server",
			true,
			"PodIdentityAssociation \"server\" gives its role to \"server\", which a pod runs as",
		],
		[
			"spec.template.spec.serviceAccountName",
			"server",
			true,
			"the pod template signs as the ServiceAccount \"server\", whose role of AWS is visible",
		],
	} with input as testing.given([
		server, association("server", role),
		testing.object_of("v1", "ServiceAccount", "server", {}),
	])
}

test_the_annotation_alone_holds if denied([server, annotated(role)]) == set()

test_two_roles_are_denied if {
	denied([server, annotated(role), association("server", role)]) == {"ServiceAccount \"server\" has 2 roles of AWS"}
}

test_what_is_no_role_is_denied if {
	every arn in ["spicedb", "arn:aws:iam::1:role/x", "arn:aws:iam::123456789012:user/x", 5, null] {
		count(denied([server, association("server", arn)])) == 1
	}
	denied([server, annotated("spicedb")]) == {"ServiceAccount \"server\" names the role \"spicedb\""}
}

test_an_association_with_nobody_is_denied if {
	denied([server, association("server", role), association("other", role)]) == {"PodIdentityAssociation \"other\" gives its role to \"other\", which no pod of the rendering runs as"}
	nothing := testing.object_of("eks.services.k8s.aws/v1alpha1", "PodIdentityAssociation", "none", {})
	count(denied([association("server", role), server, nothing])) == 2
}

test_a_migration_without_a_role_is_denied_where_the_server_has_one if {
	denied([server, migration, association("server", role)]) == {"the pod template signs as the ServiceAccount \"migration\", whose role of AWS is none, although others have"}
	denied([server, migration, association("server", role), association("migration", role)]) == set()
}

test_a_role_that_no_object_shows_is_not_visible if {
	{[seen.holds, seen.message] | some seen in observations} == {[
		true,
		"the pod template signs as the ServiceAccount \"server\", whose role of AWS is not visible",
	]} with input as testing.given([server])
}

test_annotations_that_can_not_be_read_are_no_role if {
	unreadable := object.union(testing.object_of("v1", "ServiceAccount", "server", {}), {"metadata": {"annotations": role}})
	{seen.value | some seen in observations} == {0} with input as testing.given([unreadable])
}
