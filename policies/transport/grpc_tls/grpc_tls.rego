# METADATA
# title: SpiceDB's gRPC API speaks TLS
# description: >-
#   Clients send the preshared key with every call; in plaintext anyone on the path can read and reuse it. Both
#   a certificate and a key are asked for, as either alone leaves no TLS.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set config.tls.enabled, keep config.tls.grpc.enabled, and name the Secret in config.tls.secretName or
#     config.tls.grpc.secretName.
#   parameters: []
package transport.grpc_tls

import data.lib.observation
import data.lib.tls
import rego.v1

observations contains seen if some seen in tls.observations("grpc")

deny contains finding if some finding in observation.failures(observations)
