package secrets.by_reference_test

import data.lib.testing
import data.secrets.by_reference.deny
import data.secrets.by_reference.observations
import rego.v1

denied(fields) := findings if {
	findings := {[seen.path, seen.value, seen.message] | some seen in deny} with input as testing.container(fields)
}

variable(name, value) := {"env": testing.env({name: value})}

test_a_reference_to_a_secret_holds if {
	{seen | some seen in observations; contains(seen.path, "env")} == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env[0]",
		"value": "secretKeyRef",
		"expected": "valueFrom.secretKeyRef with name and key",
		"holds": true,
		"message": "container \"main\" takes the credential PGPASSWORD by secretKeyRef",
	}} with input as testing.container(variable("PGPASSWORD", testing.secret_key("s", "k")))
}

test_a_literal_credential_is_denied_and_not_repeated if {
	denied(variable("SPICEDB_GRPC_PRESHARED_KEY", "hidden")) == {[
		"spec.template.spec.containers[0].env[0]",
		"******** (6 characters)",
		"container \"main\" takes the credential SPICEDB_GRPC_PRESHARED_KEY by literal value",
	]}
}

test_a_literal_credential_of_another_name_is_denied_by_what_it_holds if {
	denied(variable("SETTINGS", "postgres://user:hidden@db/spicedb")) == {[
		"spec.template.spec.containers[0].env[0]",
		"******** (33 characters)",
		"container \"main\" takes the credential SETTINGS by literal value",
	]}
}

test_an_empty_or_absent_value_is_denied if {
	{value | some [_, value, _] in denied(variable("PGPASSWORD", ""))} == {"******** (0 characters)"}
	{value | some [_, value, _] in denied({"env": [{"name": "PGPASSWORD"}]})} == {"******** (0 characters)"}
	{value | some [_, value, _] in denied({"env": [{"name": "PGPASSWORD", "valueFrom": {}}]})} == {"******** (0 characters)"}
	{value | some [_, value, _] in denied(variable("PGPASSWORD", 12345678))} == {"********"}
}

test_a_uri_without_a_password_holds if {
	every uri in [
		"postgresql://spicedb@db:5432/spicedb",
		"spicedb:$(DATASTORE_PASSWORD)@tcp(db:3306)/spicedb?parseTime=true",
		"projects/p/instances/i/databases/d",
		"$(DATASTORE_URI)&tls=true",
	] {
		{[seen.holds, seen.message] | some seen in observations; contains(seen.path, "env")} == {[
			true,
			"container \"main\" takes the URI without a password SPICEDB_DATASTORE_CONN_URI by literal value",
		]} with input as testing.container(variable("SPICEDB_DATASTORE_CONN_URI", uri))
	}
}

test_a_uri_with_a_password_or_of_an_unknown_form_is_denied if {
	every uri in [
		"postgresql://spicedb:hidden@db:5432/spicedb",
		"postgresql://spicedb@db:5432/spicedb?password=hidden",
		"spicedb:hidden@tcp(db:3306)/spicedb?parseTime=true",
		"host=db user=spicedb",
		"",
		5,
	] {
		count(denied(variable("SPICEDB_DATASTORE_CONN_URI", uri))) == 1
	}
}

test_a_reference_to_a_configmap_is_denied if {
	denied(variable("PGPASSWORD", {"configMapKeyRef": {"name": "c", "key": "k"}})) == {[
		"spec.template.spec.containers[0].env[0]",
		"configMapKeyRef",
		"container \"main\" takes the credential PGPASSWORD by configMapKeyRef",
	]}
}

test_other_variables_are_no_credentials if {
	denied({"env": testing.env({
		"SPICEDB_GRPC_TLS_KEY_PATH": "/tls/tls.key",
		"SPICEDB_MISMATCH_ZED_TOKEN_BEHAVIOR": "full-consistency",
		"SPICEDB_DISPATCH_UPSTREAM_ADDR": "kubernetes:///spicedb:dispatch",
	})}) == set()
	denied({"env": [null, {"name": 5, "value": "x"}]}) == set()
}

test_arguments_without_credentials_hold if {
	observations == {{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].args",
		"value": [],
		"expected": "no credential",
		"holds": true,
		"message": "container \"main\" holds no credential in its command and arguments",
	}} with input as testing.container({"args": ["serve", "--grpc-addr=:50051"]})
}

test_arguments_with_a_credential_are_denied if {
	every arguments in [
		["--grpc-preshared-key=hidden"],
		["--grpc-preshared-key", "hidden"],
		["--datastore-conn-uri=something"],
		["--datastore-conn-uri=user:hidden@tcp(db:3306)/spicedb"],
		["sh", "-c", "export PGPASSWORD=hidden"],
		["--datastore-conn-uri=postgres://user:hidden@db/spicedb"],
	] {
		count(denied({"args": arguments})) == 1
		count(denied({"command": arguments})) == 1
	}
}

test_arguments_that_refer_or_only_speak_of_one_hold if {
	every arguments in [
		["--datastore-conn-uri=projects/p/instances/i"],
		["--datastore-conn-uri", "$(URI)&tls=true"],
		["--datastore-read-replica-conn-uri=$(URI)&tls=true"],
		["--grpc-preshared-key=$(KEY)"],
		["--grpc-preshared-key", "$(KEY)"],
		["--grpc-preshared-key", "--http-enabled"],
		["--grpc-preshared-key="],
		["--grpc-tls-key-path", "/tls/tls.key"],
		["--mismatch-zed-token-behavior=full-consistency"],
		["--token-file=/token"],
		[5, "secret"],
		"text",
	] {
		denied({"args": arguments}) == set()
	}
}

test_a_credential_among_the_arguments_is_not_repeated if {
	denied({"args": ["--grpc-preshared-key=hidden"]}) == {[
		"spec.template.spec.containers[0].args[0]",
		"******** (27 characters)",
		"container \"main\" holds a credential in its command or arguments",
	]}
}

test_every_list_of_containers_and_a_cron_job_are_looked_at if {
	{seen.path | some seen in deny} == {
		"spec.template.spec.initContainers[0].env[0]",
		"spec.template.spec.ephemeralContainers[0].env[0]",
		"spec.jobTemplate.spec.template.spec.containers[0].env[0]",
	} with input as testing.containers_everywhere(variable("PGPASSWORD", "hidden"))
}

test_one_literal_credential_does_not_make_others if {
	denied({"env": testing.env({
		"LEVEL": "info",
		"SETTINGS": "postgres://user:hidden@db/spicedb",
	})}) == {[
		"spec.template.spec.containers[0].env[1]",
		"******** (33 characters)",
		"container \"main\" takes the credential SETTINGS by literal value",
	]}
	{path | some [path, _, _] in denied({"args": ["info", "--token=hidden", "key"]})} == {"spec.template.spec.containers[0].args[1]"}
}

test_arguments_after_other_words_hold if {
	every arguments in [
		["token", "hidden"],
		["secret=", "hidden"],
		["--token=$(TOKEN)", "hidden"],
		["--log-level", "info", "--token-file", "x"],
		[5, "hidden", "--x=token"],
	] {
		denied({"args": arguments}) == set()
	}
}

test_a_reference_without_name_or_key_is_denied if {
	every reference in [{"name": "s"}, {"key": "k"}, {}, "text"] {
		{value | some [_, value, _] in denied(variable("PGPASSWORD", {"secretKeyRef": reference}))} == {"secretKeyRef"}
	}
}

# What is said of a server with a volume in its working directory: [value, holds, message].
by_file(volume) := found if {
	found := {[seen.value, seen.holds, seen.message] |
		some seen in observations
		startswith(seen.path, "spec.template.spec.containers[0].volumeMounts")
	} with input as testing.given([testing.deployment({
		"volumes": [object.union({"name": "v"}, volume)],
		"containers": [testing.serving({}, {"workingDir": "/s", "volumeMounts": [{"name": "v", "mountPath": "/s"}]})],
	})])
}

test_a_file_of_a_secret_or_of_a_driver_holds if {
	by_file({"secret": {"secretName": "s"}}) == {[
		"secret",
		true,
		"container \"spicedb\" takes its credentials by a file, spicedb.env, from a volume of type secret",
	]}
	{holds | some [_, holds, _] in by_file({"csi": {"driver": "secrets-store.csi.k8s.io"}})} == {true}
}

test_a_file_of_a_configmap_is_denied if {
	{holds | some [_, holds, _] in by_file({"configMap": {"name": "c"}})} == {false}
}

test_nothing_is_said_of_a_file_that_something_else_writes if {
	by_file({"emptyDir": {"medium": "Memory"}}) == set()
}
