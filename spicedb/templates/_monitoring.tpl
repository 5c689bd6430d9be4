{{/*
What Prometheus and Grafana read.
*/}}

{{/*
Whether an object of monitoring is made: "true" or "".
Usage: {{ if include "spicedb.monitoring.makes" (list . "serviceMonitor") }}
*/}}
{{- define "spicedb.monitoring.makes" -}}
{{- $monitoring := (index . 0).Values.monitoring -}}
{{- if and $monitoring.enabled (index $monitoring (index . 1)).enabled -}}
true
{{- end -}}
{{- end -}}

{{/*
The one endpoint that a ServiceMonitor or PodMonitor scrapes, verified where it speaks TLS.
Usage: {{ include "spicedb.monitoring.endpoint" (list . "serviceMonitor") }}
*/}}
{{- define "spicedb.monitoring.endpoint" -}}
{{- $root := index . 0 -}}
{{- $settings := index $root.Values.monitoring (index . 1) -}}
{{- $tls := $root.Values.monitoring.tls -}}
- port: metrics
  path: /metrics
  {{- with $settings.interval }}
  interval: {{ . }}
  {{- end }}
  {{- with $settings.scrapeTimeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  {{- if include "spicedb.tls.serves" (list $root "metrics") }}
  scheme: https
  tlsConfig:
    serverName: {{ $tls.serverName | default (printf "%s.svc" (include "spicedb.dispatch.serverName" $root)) | quote }}
    ca:
      secret:
        name: {{ $tls.caSecretName | default (include "spicedb.certificates.secretName" (list $root "metrics")) | quote }}
        key: {{ $tls.caKey | quote }}
  {{- end }}
{{- end -}}

{{/*
What selects the metrics of this release alone: the job is the release's name, by the jobLabel of the monitors.
Usage: {{ include "spicedb.monitoring.selector" . }}
*/}}
{{- define "spicedb.monitoring.selector" -}}
{{- printf "namespace=%q,job=%q" (include "spicedb.namespace" .) .Release.Name -}}
{{- end -}}

{{/*
The alerts, as a JSON list. Their metrics are those that a running SpiceDB was seen to export; of the label names only
namespace, job and pod come from Prometheus.
Usage: {{ range include "spicedb.monitoring.alerts" . | fromJsonArray }}
*/}}
{{- define "spicedb.monitoring.alerts" -}}
{{- $select := include "spicedb.monitoring.selector" . -}}
{{- $calls := printf "%s,grpc_service=~\"authzed[.]api[.].*\"" $select -}}
{{- $alerts := list
  (dict "alert" "SpiceDBAbsent" "for" "5m" "severity" "critical"
    "expr" (printf "absent(spicedb_environment_info{%s})" $select)
    "summary" "No pod of SpiceDB is scraped."
    "description" "All pods are down, or Prometheus cannot reach their metrics: look at the pods, then at the NetworkPolicy and the metrics certificate.")
  (dict "alert" "SpiceDBErrors" "for" "10m" "severity" "critical"
    "expr" (printf "sum(rate(grpc_server_handled_total{%s,grpc_code=~\"Internal|Unavailable|Unknown|DataLoss\"}[5m])) / sum(rate(grpc_server_handled_total{%s}[5m])) > 0.05" $calls $calls)
    "summary" "More than 5 % of calls fail by SpiceDB's fault."
    "description" "{{ $value | humanizePercentage }} of calls end with Internal, Unavailable, Unknown or DataLoss: look at the server's log and at the datastore.")
  (dict "alert" "SpiceDBSlowChecks" "for" "10m" "severity" "warning"
    "expr" (printf "histogram_quantile(0.99, sum by (le) (rate(grpc_server_handling_seconds_bucket{%s,grpc_method=\"CheckPermission\"}[5m]))) > 0.5" $calls)
    "summary" "One check in a hundred takes longer than half a second."
    "description" "The 99th percentile of CheckPermission is {{ $value | humanizeDuration }}: look at datastore latency, cache hits and CPU throttling.")
  (dict "alert" "SpiceDBOutOfMemory" "for" "5m" "severity" "warning"
    "expr" (printf "sum by (pod) (rate(spicedb_memory_middleware_requests_processed_total{%s,accepted=\"false\"}[5m])) > 0" $select)
    "summary" "A pod refuses calls because it is short of memory."
    "description" "Pod {{ $labels.pod }} refuses {{ $value | humanize }} calls a second: raise resources.limits.memory.")
  (dict "alert" "SpiceDBRestarts" "for" "0m" "severity" "warning"
    "expr" (printf "changes(process_start_time_seconds{%s}[1h]) > 2" $select)
    "summary" "A pod keeps restarting."
    "description" "Pod {{ $labels.pod }} restarted {{ $value }} times within an hour: look at the reason of its last termination.")
-}}
{{- if include "spicedb.dispatch.asksKubernetes" . -}}
{{- $alerts = append $alerts (dict "alert" "SpiceDBDispatchFindsNobody" "for" "5m" "severity" "critical"
    "expr" (printf "spicedb_environment_info{%s} unless on (pod) (kuberesolver_addresses_total{%s} > 0)" $select $select)
    "summary" "A pod finds no pods to dispatch to, and its checks hang."
    "description" "Pod {{ $labels.pod }} knows no address of another pod: look at its ServiceAccount, at the Role and at networkPolicy.apiServer. Readiness does not show this.") -}}
{{- end -}}
{{- if ne .Values.config.datastoreEngine "memory" -}}
{{- $alerts = append $alerts (dict "alert" "SpiceDBSlowDatastore" "for" "10m" "severity" "warning"
    "expr" (printf "histogram_quantile(0.99, sum by (le) (rate(spicedb_datastore_query_latency_bucket{%s}[5m]))) > 0.25" $select)
    "summary" "One datastore query in a hundred takes longer than a quarter of a second."
    "description" "The 99th percentile of datastore queries is {{ $value | humanizeDuration }}: look at the database.") -}}
{{- end -}}
{{- if eq .Values.config.datastoreEngine "postgres" -}}
{{- $alerts = append $alerts (dict "alert" "SpiceDBConnectionsExhausted" "for" "10m" "severity" "warning"
    "expr" (printf "pgxpool_acquired_conns{%s} / pgxpool_max_conns{%s} > 0.9" $select $select)
    "summary" "A pod uses nearly all its connections to the datastore."
    "description" "The {{ $labels.pool_usage }} pool of pod {{ $labels.pod }} is {{ $value | humanizePercentage }} in use: queries will wait for a connection.") -}}
{{- $alerts = append $alerts (dict "alert" "SpiceDBGarbageCollectionFails" "for" "0m" "severity" "warning"
    "expr" (printf "sum(increase(spicedb_datastore_gc_failure_total{%s}[1h])) > 2" $select)
    "summary" "The datastore is not cleaned of old revisions."
    "description" "Garbage collection failed {{ $value | humanize }} times within an hour: the database grows and slows down.") -}}
{{- end -}}
{{- toJson $alerts -}}
{{- end -}}
