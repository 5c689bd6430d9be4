# METADATA
# title: SpiceDB's HTTP API speaks TLS
# description: >-
#   The HTTP gateway takes the same preshared key as the gRPC API and has a certificate and key of its own. It
#   listens only where it is switched on; where it is off, there is nothing to observe.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set config.tls.enabled, keep config.tls.http.enabled and name the Secret, or set config.http.enabled to
#     false.
#   parameters: []
package transport.http_tls

import data.lib.observation
import data.lib.tls
import rego.v1

observations contains seen if some seen in tls.observations("http")

deny contains finding if some finding in observation.failures(observations)
