# METADATA
# title: SpiceDB's metrics endpoint speaks TLS
# description: >-
#   The metrics port serves profiles and the running configuration besides metrics, without any authentication,
#   and has a certificate and key of its own.
# custom:
#   severity: high
#   kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob]
#   remediation: Set config.tls.enabled, keep config.tls.metrics.enabled and name the Secret.
#   parameters: []
package transport.metrics_tls

import data.lib.observation
import data.lib.tls
import rego.v1

observations contains seen if some seen in tls.observations("metrics")

deny contains finding if some finding in observation.failures(observations)
