package lib.spicedb_test

import data.lib.spicedb
import data.lib.testing
import rego.v1

commands(container) := found if {
	found := [spicedb_container.command |
		some spicedb_container in data.lib.spicedb.containers
	] with input as testing.container(object.union({"image": "authzed/spicedb"}, container))
}

test_a_container_is_known_by_its_arguments if {
	commands({"args": ["serve"]}) == ["serve"]
	commands({"command": ["spicedb", "serve"]}) == ["serve"]
	commands({"args": ["datastore", "migrate", "head"]}) == ["migrate"]
	commands({"command": ["sh", "-c", "exec spicedb serve\n"]}) == ["serve"]
}

test_other_containers_are_not_spicedb if {
	commands({}) == []
	commands({"args": ["server", "--mode=serve"]}) == []
	commands({"args": "serve", "image": "spicedb"}) == []
}

test_other_programs_that_serve_and_migrate_are_not_spicedb if {
	commands({"image": "ollama/ollama", "args": ["serve"]}) == []
	commands({"image": "openfga/openfga", "args": ["migrate"]}) == []
	commands({"image": null, "args": ["serve"], "env": ["text", {"name": "PORT"}]}) == []
}

test_spicedb_is_known_under_another_image_s_name if {
	commands({"image": "mirror/authz", "args": ["serve", "--grpc-preshared-key=k"]}) == ["serve"]
	commands({"image": "mirror/authz", "args": ["datastore", "migrate", "head"]}) == ["migrate"]
	commands({"image": "mirror/authz", "command": ["/bin/spicedb", "serve"]}) == ["serve"]
	commands({"image": "mirror/authz", "args": ["serve"], "env": [{"name": "SPICEDB_LOG_LEVEL"}]}) == ["serve"]
	commands({"image": "mirror/authz", "args": ["serve"], "name": "spicedb"}) == ["serve"]
}

# [value, location, hidden] of one setting.
setting(name, container) := found[0] if {
	found := [[spicedb.value(server, name), spicedb.location(server, name), _hidden(server, name)] |
		some server in data.lib.spicedb.servers
	] with input as testing.container(object.union({"args": ["serve"], "image": "authzed/spicedb"}, container))
}

default _hidden(_, _) := false

_hidden(server, name) if spicedb.hidden(server, name)

test_a_variable_sets_a_value if {
	setting("SPICEDB_LOG_LEVEL", {"env": [{"name": "SPICEDB_LOG_LEVEL", "value": "info"}]}) == ["info", "env[0]", false]
	setting("SPICEDB_LOG_LEVEL", {"env": [{"name": "SPICEDB_LOG_LEVEL"}]}) == ["", "env[0]", false]
	setting("SPICEDB_LOG_LEVEL", {}) == [null, "env", false]
}

test_the_last_variable_of_a_name_counts if {
	twice := [{"name": "A", "value": "1"}, null, {"name": "A", "value": "2"}]
	setting("A", {"env": twice}) == ["2", "env[2]", false]
}

test_a_value_from_elsewhere_is_hidden if {
	reference := [{"name": "A", "valueFrom": testing.secret_key("s", "k")}]
	setting("A", {"env": reference}) == [null, "env[0]", true]
	setting("A", {"envFrom": [{"secretRef": {"name": "s"}}]}) == [null, "env", true]
	known := {"env": [{"name": "A", "value": "1"}], "envFrom": [{"secretRef": {"name": "s"}}]}
	setting("A", known) == ["1", "env[0]", false]
}

test_a_flag_counts_before_a_variable if {
	both := {
		"args": ["serve", "--log-level=debug", "--log-format", "json", "--http-enabled", "serve", "--skip-release-check"],
		"env": [{"name": "SPICEDB_LOG_LEVEL", "value": "info"}],
	}
	setting("SPICEDB_LOG_LEVEL", both) == ["debug", "args[1]", false]
	setting("SPICEDB_LOG_FORMAT", both) == ["json", "args[2]", false]
	setting("SPICEDB_HTTP_ENABLED", both) == ["true", "args[4]", false]
	setting("SPICEDB_SKIP_RELEASE_CHECK", both) == ["true", "args[6]", false]
	setting("SPICEDB_UPSTREAM", {"args": ["serve", "--upstream=a=b"]}) == ["a=b", "args[1]", false]
}

switched_on(container, otherwise) := answers if {
	answers := [spicedb.switched_on(server, "A", otherwise) |
		some server in data.lib.spicedb.servers
	] with input as testing.container(object.union({"args": ["serve"], "image": "authzed/spicedb"}, container))
}

test_a_switch_is_on_if_its_value_is_true_or_cannot_be_seen if {
	switched_on({"env": [{"name": "A", "value": "true"}]}, false) == [true]
	switched_on({"env": [{"name": "A", "valueFrom": testing.secret_key("s", "k")}]}, false) == [true]
	switched_on({"envFrom": [{"configMapRef": {"name": "c"}}]}, false) == [true]
	switched_on({}, true) == [true]
}

test_a_switch_is_off_if_its_value_is_false_or_does_not_parse if {
	switched_on({"env": [{"name": "A", "value": "false"}]}, true) == [false]
	switched_on({"env": [{"name": "A", "value": "yes"}]}, true) == [false]
	switched_on({"env": [{"name": "A", "value": ""}]}, true) == [false]
	switched_on({}, false) == [false]
}

version(image, labels, object_labels) := found[0] if {
	served := object.union(
		testing.deployment({"containers": [testing.serving({}, {"image": image})]}),
		{"metadata": {"labels": object_labels}, "spec": {"template": {"metadata": {"labels": labels}}}},
	)
	found := [server.version | some server in data.lib.spicedb.servers] with input as testing.given([served])
}

test_the_version_is_the_images_tag if {
	version("ghcr.io/authzed/spicedb:v1.56.0", {"app.kubernetes.io/version": "v1.52.0"}, {}) == "v1.56.0"
	version("localhost:5000/spicedb:1.56.0", {}, {}) == "v1.56.0"
	version("spicedb:v1.56.0-debug@sha256:00", {}, {}) == "v1.56.0"
}

test_the_version_is_the_label_where_the_image_tells_none if {
	version("spicedb@sha256:00", {"app.kubernetes.io/version": "v1.52.0"}, {}) == "v1.52.0"
	version("spicedb:main", {}, {"app.kubernetes.io/version": "1.52.0"}) == "v1.52.0"
	version("spicedb:v1.57.0-rc1", {"app.kubernetes.io/version": "v1.57.0-rc1"}, {}) == null
	version(null, {}, {}) == null
}

test_a_setting_is_observed_where_it_stands if {
	seen := [spicedb.observed(server, "SPICEDB_LOG_LEVEL", "info", false) |
		some server in data.lib.spicedb.servers
	] with input as testing.server({"SPICEDB_LOG_LEVEL": "debug"}, {})
	seen == [{
		"subject": "apps/v1/Deployment/here/app",
		"path": "spec.template.spec.containers[0].env[0]",
		"value": "debug",
		"expected": "info",
		"holds": false,
		"message": "container \"spicedb\" sets SPICEDB_LOG_LEVEL to debug",
	}]
}

test_a_credential_in_the_wrong_setting_is_not_repeated if {
	values := [spicedb.observed(server, "SPICEDB_LOG_LEVEL", "info", false).value |
		some server in data.lib.spicedb.servers
	] with input as testing.server({"SPICEDB_LOG_LEVEL": "postgres://user:hidden@db/spicedb"}, {})
	values == ["******** (33 characters)"]
}

test_hidden_and_absent_settings_are_told_apart if {
	messages := [spicedb.observed(server, name, "info", false).message |
		some server in data.lib.spicedb.servers
		some name in ["A", "B"]
	] with input as testing.server({"A": testing.secret_key("s", "k")}, {})
	messages == [
		"container \"spicedb\" takes A from elsewhere, so its value is not visible",
		"container \"spicedb\" does not set B",
	]
}

test_a_pod_with_two_servers_serves_once if {
	spec := {"containers": [testing.serving({}, {}), testing.serving({}, {"name": "second"})]}
	names := [pod.name | some pod in data.lib.spicedb.server_pods] with input as testing.given([testing.deployment(spec)])
	names == ["app"]
}

test_only_pods_with_a_server_serve if {
	objects := testing.given([
		testing.deployment({"containers": [testing.serving({}, {})]}),
		testing.job({"containers": [testing.migrating({}, {})]}),
	])
	kinds := [pod.kind | some pod in data.lib.spicedb.server_pods] with input as objects
	kinds == ["Deployment"]
}

test_a_switch_is_on_in_every_way_that_go_reads if {
	every value in ["1", "t", "T", "TRUE", "true", "True"] {
		switched_on({"env": [{"name": "A", "value": value}]}, false) == [true]
	}
}

test_flags_of_the_command_count_too if {
	setting("SPICEDB_LOG_LEVEL", {"args": [], "command": ["spicedb", "serve", "--log-level=debug"]}) == ["debug", "command[2]", false]
	setting("SPICEDB_A", {"args": ["serve", "--a", "--b=1", 5]}) == ["true", "args[1]", false]
	setting("SPICEDB_B", {"args": ["serve", "--b", 5]}) == ["true", "args[1]", false]
}

# [where the file spicedb.env is mounted, whether a setting that nothing sets may come from it].
file(fields, volume) := found[0] if {
	main := object.union({"name": "main", "args": ["serve"], "image": "authzed/spicedb"}, fields)
	deployment := testing.deployment({"volumes": [object.union({"name": "v"}, volume)], "containers": [main]})
	found := [[_field(server), _hidden(server, "A")] |
		some server in data.lib.spicedb.servers
	] with input as testing.given([deployment])
}

_field(server) := server.file.field if {
	server.file != null
} else := null

keys(names) := {"secret": {"secretName": "s", "items": [{"key": "k", "path": name} | some name in names]}}

test_a_file_in_the_working_directory_may_set_what_nothing_sets if {
	every pair in [
		["/here", {"mountPath": "/here"}],
		["/here/", {"mountPath": "/here/"}],
		["/here", {"mountPath": "/here/spicedb.env", "subPath": "k"}],
		["", {"mountPath": "/spicedb.env", "subPath": "k"}],
	] {
		mounts := [object.union({"name": "v"}, pair[1])]
		file({"workingDir": pair[0], "volumeMounts": mounts}, keys(["spicedb.env"])) == ["volumeMounts[0]", true]
		file({"workingDir": pair[0], "volumeMounts": mounts}, {"csi": {"driver": "d"}}) == ["volumeMounts[0]", true]
	}
}

test_other_files_and_other_directories_set_nothing if {
	mounts := [{"name": "v", "mountPath": "/here"}]
	file({"workingDir": "/here", "volumeMounts": mounts}, keys(["tls.crt"])) == [null, false]
	file({"workingDir": "/there", "volumeMounts": mounts}, keys(["spicedb.env"])) == [null, false]
	file({"volumeMounts": mounts}, keys(["spicedb.env"])) == [null, false]
	file({"workingDir": "/here"}, keys(["spicedb.env"])) == [null, false]
	below := [{"name": "v", "mountPath": "/here/spicedb.env"}]
	file({"workingDir": "/here", "volumeMounts": below}, keys(["spicedb.env"])) == [null, false]
	file({"workingDir": 5, "volumeMounts": mounts}, keys(["spicedb.env"])) == [null, false]
}
