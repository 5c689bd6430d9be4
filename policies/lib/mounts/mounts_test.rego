package lib.mounts_test

import data.lib.mounts
import data.lib.testing
import rego.v1

pod(mounted, volumes) := testing.given([testing.deployment({
	"volumes": volumes,
	"containers": [{"name": "main", "volumeMounts": mounted}],
})])

# The name of the volume that covers a path of the container.
covering(path, mounted) := names if {
	volumes := [{"name": "outer", "secret": {"secretName": "tls"}}, {"name": "inner", "emptyDir": {}}]
	names := [mount.volume.name |
		some container in data.lib.kubernetes.containers
		mount := mounts.covering(container, path)
	] with input as pod(mounted, volumes)
}

test_the_mount_of_a_directory_covers_its_files if {
	covering("/etc/tls/tls.crt", [{"name": "outer", "mountPath": "/etc/tls"}]) == ["outer"]
	covering("/etc/tls/tls.crt", [{"name": "outer", "mountPath": "/etc/tls/"}]) == ["outer"]
	covering("/etc/tls/tls.crt", [{"name": "outer", "mountPath": "/"}]) == ["outer"]
}

test_the_deepest_mount_counts if {
	both := [{"name": "outer", "mountPath": "/etc"}, {"name": "inner", "mountPath": "/etc/tls"}]
	covering("/etc/tls/tls.crt", both) == ["inner"]
	covering("/etc/hosts", both) == ["outer"]
}

test_other_mounts_cover_nothing if {
	every mount in [
		{"name": "outer", "mountPath": "/etc/t"},
		{"name": "outer", "mountPath": ""},
		{"name": "outer", "mountPath": 5},
		{"name": "outer"},
		{"name": "none", "mountPath": "/etc/tls"},
		null,
	] {
		covering("/etc/tls/tls.crt", [mount]) == []
	}
}

# [secret, secrets, items, tokens, kinds] of one volume.
volume(entry) := found[0] if {
	found := [[seen.secret, seen.secrets, seen.items, seen.tokens, seen.kinds] |
		some seen in data.lib.mounts.volumes
	] with input as pod([], [entry])
}

test_a_secret_volume_is_from_secrets if {
	volume({"name": "a", "secret": {"secretName": "tls"}}) == [true, ["tls"], [], [], ["secret"]]
	items := [{"key": "tls.crt", "path": "cert.pem"}]
	volume({"name": "a", "secret": {"secretName": "tls", "items": items}}) == [true, ["tls"], ["cert.pem"], [], ["secret"]]
}

test_a_projected_volume_is_from_secrets_if_all_its_sources_are if {
	secrets := [{"secret": {"name": "one"}}, {"secret": {"name": "two"}}]
	volume({"name": "a", "projected": {"sources": secrets}}) == [true, ["one", "two"], [], [], ["projected"]]
	mixed := [{"secret": {"name": "one"}}, {"configMap": {"name": "two"}}]
	volume({"name": "a", "projected": {"sources": mixed}}) == [false, ["one"], [], [], ["projected"]]
	volume({"name": "a", "projected": {"sources": []}}) == [false, [], [], [], ["projected"]]
}

test_a_projected_token_is_found if {
	token := [{"serviceAccountToken": {"path": "token"}}]
	volume({"name": "a", "projected": {"sources": token}}) == [false, [], [], ["token"], ["projected"]]
}

test_other_volumes_are_not_from_secrets if {
	volume({"name": "a", "hostPath": {"path": "/"}}) == [false, [], [], [], ["hostPath"]]
	volume({"name": "a"}) == [false, [], [], [], ["emptyDir"]]
	volume("text") == [false, [], [], [], []]
}

test_a_subpath_is_seen if {
	found := [mount.subpath | some mount in data.lib.mounts.mounted] with input as pod(
		[
			{"name": "a", "mountPath": "/1"},
			{"name": "a", "mountPath": "/2", "subPath": ""},
			{"name": "a", "mountPath": "/3", "subPath": "tls.crt"},
			{"name": "a", "mountPath": "/4", "subPathExpr": "$(NAME)"},
		],
		[{"name": "a", "secret": {}}],
	)
	found == [false, false, true, true]
}

test_the_volumes_and_mounts_of_others_do_not_count if {
	objects := testing.given([
		testing.deployment({
			"volumes": [{"name": "a", "secret": {}}],
			"containers": [
				{"name": "main", "volumeMounts": [{"name": "a", "mountPath": "/a"}]},
				{"name": "beside", "volumeMounts": [{"name": "a", "mountPath": "/b"}]},
			],
		}),
		testing.job({
			"volumes": [{"name": "b", "emptyDir": {}}],
			"containers": [{"name": "main", "volumeMounts": [{"name": "a", "mountPath": "/c"}]}],
		}),
	])
	found := [[container.subject, container.name, path] |
		some container in data.lib.kubernetes.containers
		some path in ["/a/file", "/b/file", "/c/file"]
		mounts.covering(container, path)
	] with input as objects
	found == [
		["apps/v1/Deployment/here/app", "main", "/a/file"],
		["apps/v1/Deployment/here/app", "beside", "/b/file"],
	]
}

test_another_object_with_the_same_containers_has_mounts_of_its_own if {
	volumes := [{"name": "a", "secret": {}}]
	objects := testing.given([
		testing.deployment({"volumes": volumes, "containers": [{"name": "main", "volumeMounts": [{"name": "a", "mountPath": "/a"}]}]}),
		testing.job({"volumes": volumes, "containers": [{"name": "main"}]}),
	])
	found := [container.subject |
		some container in data.lib.kubernetes.containers
		mounts.covering(container, "/a/file")
	] with input as objects
	found == ["apps/v1/Deployment/here/app"]
}

test_a_secret_volume_without_a_name_is_from_nowhere if {
	volume({"name": "a", "secret": {}}) == [false, [], [], [], ["secret"]]
	volume({"name": "a", "projected": {"sources": [{"secret": {}}]}}) == [false, [], [], [], ["projected"]]
}
