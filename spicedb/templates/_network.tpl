{{/*
Rules of network policies.
*/}}

{{/*
A JSON list of one rule, or of none when there are no peers: a rule with an empty list of peers would allow everybody.
Usage: {{ include "spicedb.network.rule" (dict "direction" "from" "peers" .Values.networkPolicy.clients "ports" (list 50051)) | fromJsonArray }}
with direction from or to, and protocols as a list where they are not TCP alone.
*/}}
{{- define "spicedb.network.rule" -}}
{{- $rules := list -}}
{{- if .peers -}}
{{- $rule := dict .direction .peers "ports" list -}}
{{- range $protocol := default (list "TCP") .protocols -}}
{{- range $port := $.ports -}}
{{- $_ := set $rule "ports" (append $rule.ports (dict "protocol" $protocol "port" (int $port))) -}}
{{- end -}}
{{- end -}}
{{- $rules = list $rule -}}
{{- end -}}
{{- toJson $rules -}}
{{- end -}}

{{/*
The server's own pods, as a JSON list of peers.
Usage: {{ include "spicedb.network.serverPods" . | fromJsonArray }}
*/}}
{{- define "spicedb.network.serverPods" -}}
{{- $labels := include "spicedb.selectorLabels" (list . "server") | fromYaml -}}
{{- list (dict "podSelector" (dict "matchLabels" $labels)) | toJson -}}
{{- end -}}

{{/*
The test's pod, as a JSON list of peers.
Usage: {{ include "spicedb.network.testPods" . | fromJsonArray }}
*/}}
{{- define "spicedb.network.testPods" -}}
{{- $labels := include "spicedb.selectorLabels" (list . "test") | fromYaml -}}
{{- list (dict "podSelector" (dict "matchLabels" $labels)) | toJson -}}
{{- end -}}

{{/*
What the test may reach, as rules in YAML: names and the server's gRPC.
Usage: {{ include "spicedb.network.testEgress" . | nindent 4 }}
*/}}
{{- define "spicedb.network.testEgress" -}}
{{- $dns := .Values.networkPolicy.dns -}}
{{- $names := include "spicedb.network.rule" (dict "direction" "to" "peers" $dns.to "ports" $dns.ports "protocols" (list "UDP" "TCP")) | fromJsonArray -}}
{{- $pods := include "spicedb.network.serverPods" . | fromJsonArray -}}
{{- concat $names (include "spicedb.network.rule" (dict "direction" "to" "peers" $pods "ports" (list 50051)) | fromJsonArray) | toYaml -}}
{{- end -}}

{{/*
What may reach the server, as rules in YAML: clients and what lets clients in, scrapers, the test and, for dispatch, its own pods
and other clusters.
Usage: {{ include "spicedb.network.serverIngress" . | nindent 4 }}
*/}}
{{- define "spicedb.network.serverIngress" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $clientPorts := list 50051 -}}
{{- if .Values.config.http.enabled -}}
{{- $clientPorts = append $clientPorts 8443 -}}
{{- end -}}
{{- $peers := concat $policy.clients $policy.ingressControllers -}}
{{- $clients := include "spicedb.network.rule" (dict "direction" "from" "peers" $peers "ports" $clientPorts) | fromJsonArray -}}
{{- $metrics := include "spicedb.network.rule" (dict "direction" "from" "peers" $policy.metrics "ports" (list 9090)) | fromJsonArray -}}
{{- $dispatch := list -}}
{{- if .Values.config.dispatch.enabled -}}
{{- $peers := concat (include "spicedb.network.serverPods" . | fromJsonArray) $policy.dispatch.from -}}
{{- $dispatch = include "spicedb.network.rule" (dict "direction" "from" "peers" $peers "ports" (list 50053)) | fromJsonArray -}}
{{- end -}}
{{- $test := list -}}
{{- if .Values.tests.enabled -}}
{{- $pods := include "spicedb.network.testPods" . | fromJsonArray -}}
{{- $test = include "spicedb.network.rule" (dict "direction" "from" "peers" $pods "ports" (list 50051)) | fromJsonArray -}}
{{- end -}}
{{- concat $clients $metrics $dispatch $test | default list | toYaml -}}
{{- end -}}

{{/*
What the server may reach, as rules in YAML: names, the datastore, for dispatch the API server, its own pods and other clusters,
and what the user adds.
Usage: {{ include "spicedb.network.serverEgress" . | nindent 4 }}
*/}}
{{- define "spicedb.network.serverEgress" -}}
{{- $apiServer := list -}}
{{- $dispatch := list -}}
{{- if include "spicedb.dispatch.asksKubernetes" . -}}
{{- $api := .Values.networkPolicy.apiServer -}}
{{- $apiServer = include "spicedb.network.rule" (dict "direction" "to" "peers" $api.to "ports" $api.ports) | fromJsonArray -}}
{{- end -}}
{{- if .Values.config.dispatch.enabled -}}
{{- $pods := include "spicedb.network.serverPods" . | fromJsonArray -}}
{{- $dispatch = include "spicedb.network.rule" (dict "direction" "to" "peers" $pods "ports" (list 50053)) | fromJsonArray -}}
{{- with .Values.config.dispatch.secondary.upstreams -}}
{{- $ports := list -}}
{{- range . -}}{{- $ports = append $ports (splitList ":" .address | last | int) -}}{{- end -}}
{{- $clusters := dict "direction" "to" "peers" $.Values.networkPolicy.dispatch.to "ports" (uniq $ports) -}}
{{- $dispatch = concat $dispatch (include "spicedb.network.rule" $clusters | fromJsonArray) -}}
{{- end -}}
{{- end -}}
{{- concat (include "spicedb.network.datastoreEgress" . | fromJsonArray) $apiServer $dispatch .Values.networkPolicy.extraEgress | default list | toYaml -}}
{{- end -}}

{{/*
What the migration may reach, as rules in YAML: names and the datastore.
Usage: {{ include "spicedb.network.migrationEgress" . | nindent 4 }}
*/}}
{{- define "spicedb.network.migrationEgress" -}}
{{- include "spicedb.network.datastoreEgress" . | fromJsonArray | default list | toYaml -}}
{{- end -}}

{{/*
The way to what proves a pod's identity to the datastore, as a JSON list of rules. On the pod's own node, for workload
identity of Google Cloud: its metadata server, before and after address translation; for EKS: the Pod Identity agent, by either
IP family. For IAM roles for service accounts: STS.
Usage: {{ include "spicedb.network.identityEgress" . | fromJsonArray }}
*/}}
{{- define "spicedb.network.identityEgress" -}}
{{- $rules := list -}}
{{- if and (eq .Values.config.datastoreEngine "spanner") (not .Values.config.datastore.spanner.credentialsSecret.name) -}}
{{- range $peer := list (list "169.254.169.254/32" 80) (list "169.254.169.252/32" 988) -}}
{{- $peers := list (dict "ipBlock" (dict "cidr" (index $peer 0))) -}}
{{- $rules = concat $rules (include "spicedb.network.rule" (dict "direction" "to" "peers" $peers "ports" (list (index $peer 1))) | fromJsonArray) -}}
{{- end -}}
{{- end -}}
{{- if .Values.aws.podIdentity.enabled -}}
{{- $peers := list (dict "ipBlock" (dict "cidr" "169.254.170.23/32")) (dict "ipBlock" (dict "cidr" "fd00:ec2::23/128")) -}}
{{- $rules = concat $rules (include "spicedb.network.rule" (dict "direction" "to" "peers" $peers "ports" (list 80)) | fromJsonArray) -}}
{{- end -}}
{{- with .Values.networkPolicy.sts.to -}}
{{- $rules = concat $rules (include "spicedb.network.rule" (dict "direction" "to" "peers" . "ports" (list 443)) | fromJsonArray) -}}
{{- end -}}
{{- toJson $rules -}}
{{- end -}}

{{/*
The way to names and to the datastore, for server and migration, as a JSON list of rules.
Usage: {{ include "spicedb.network.datastoreEgress" . | fromJsonArray }}
*/}}
{{- define "spicedb.network.datastoreEgress" -}}
{{- $policy := .Values.networkPolicy -}}
{{- $engine := .Values.config.datastoreEngine -}}
{{- $names := include "spicedb.network.rule" (dict "direction" "to" "peers" $policy.dns.to "ports" $policy.dns.ports "protocols" (list "UDP" "TCP")) | fromJsonArray -}}
{{- $datastore := list -}}
{{- if ne $engine "memory" -}}
{{- $port := include "spicedb.datastore.defaultPort" . | int -}}
{{- with include "spicedb.datastore.parts" . | fromJson -}}
{{- $port = .port -}}
{{- end -}}
{{- if not (kindIs "invalid" $policy.datastore.port) -}}
{{- $port = $policy.datastore.port -}}
{{- end -}}
{{- $datastore = include "spicedb.network.rule" (dict "direction" "to" "peers" $policy.datastore.to "ports" (list $port)) | fromJsonArray -}}
{{- end -}}
{{- concat $names $datastore (include "spicedb.network.identityEgress" . | fromJsonArray) | default list | toJson -}}
{{- end -}}
