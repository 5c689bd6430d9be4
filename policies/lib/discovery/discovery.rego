# METADATA
# title: How SpiceDB finds its peers
# description: >-
#   With an upstream address of the form kubernetes:///<service>.<namespace>:<port name> SpiceDB watches the
#   Service's Endpoints through Kubernetes' API; nothing else in SpiceDB speaks to that API. With any other address it
#   asks DNS, and needs no token.
package lib.discovery

import data.lib.spicedb
import rego.v1

# The servers that use the API: {server, service, namespace, port}.
dispatchers := [dispatcher |
	some server in data.lib.spicedb.servers
	address := spicedb.value(server, "SPICEDB_DISPATCH_UPSTREAM_ADDR")
	is_string(address)
	matched := regex.find_all_string_submatch_n(`^kubernetes:/{2,3}([^./:]*)\.?([^./:]*)[^:]*:?(.*)$`, address, 1)
	parts := matched[0]
	dispatcher := {
		"server": server,
		"service": parts[1],
		"namespace": _namespace(parts[2], server.pod),
		"port": parts[3],
	}
]

default by_container(_) := false

by_container(container) if {
	some dispatcher in dispatchers
	dispatcher.server.subject == container.subject
	dispatcher.server.path == container.path
}

default by_pod(_) := false

by_pod(pod) if {
	some dispatcher in dispatchers
	dispatcher.server.subject == pod.subject
}

_namespace("", pod) := pod.namespace

_namespace(name, _) := name if name != ""
