# METADATA
# title: SpiceDB's dispatch port speaks TLS
# description: >-
#   SpiceDB's pods send each other partial checks and the preshared key. The dispatch server has a certificate
#   and key of its own; whether the client side verifies it is asked by transport.dispatch_ca.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: >-
#     Set config.tls.enabled, keep config.tls.dispatch.enabled and name the Secret; the certificate must carry
#     the name <service>.<namespace>.
#   parameters: []
package transport.dispatch_tls

import data.lib.observation
import data.lib.tls
import rego.v1

observations contains seen if some seen in tls.observations("dispatch")

deny contains finding if some finding in observation.failures(observations)
