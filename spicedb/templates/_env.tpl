{{/*
Settings of SpiceDB, as environment variables. SpiceDB ignores a name that it does not know, and reads a value that it
cannot parse as zero: every name here is a flag of SpiceDB, and every duration has its unit.
*/}}

{{/*
The settings that server and migration share besides the datastore's.
Usage: {{ include "spicedb.commonEnv" (list . "server") }}
*/}}
{{- define "spicedb.commonEnv" -}}
{{- $config := (index . 0).Values.config -}}
- name: SPICEDB_LOG_LEVEL
  value: {{ ternary $config.migrations.logLevel $config.logLevel (eq (index . 1) "migration") }}
- name: SPICEDB_LOG_FORMAT
  value: json
{{- /* Asks an address outside the cluster, which the NetworkPolicy denies. */}}
- name: SPICEDB_SKIP_RELEASE_CHECK
  value: "true"
{{ include "spicedb.datastore.env" . }}
{{- end -}}

{{/*
The settings of the server.
Usage: {{ include "spicedb.serverEnv" . }}
*/}}
{{- define "spicedb.serverEnv" -}}
{{- $config := .Values.config -}}
{{ include "spicedb.commonEnv" (list . "server") }}
- name: SPICEDB_GRPC_PRESHARED_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "spicedb.secretName" . | quote }}
      key: {{ .Values.existingSecretKeys.presharedKey | quote }}
- name: SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD
  value: {{ printf "%ds" (int $config.shutdown.gracePeriodSeconds) }}
- name: SPICEDB_HTTP_ENABLED
  value: {{ $config.http.enabled | quote }}
{{- /* Empty turns telemetry off: it goes to an address outside the cluster, which the NetworkPolicy denies. */}}
- name: SPICEDB_TELEMETRY_ENDPOINT
  value: ""
- name: SPICEDB_DISPATCH_CLUSTER_ENABLED
  value: {{ $config.dispatch.enabled | quote }}
{{- if $config.dispatch.enabled }}
- name: SPICEDB_DISPATCH_UPSTREAM_ADDR
  value: {{ printf "kubernetes:///%s:dispatch" (include "spicedb.dispatch.serverName" .) | quote }}
{{- end }}
{{- include "spicedb.datastore.serverEnv" . }}
{{- include "spicedb.tls.env" . }}
{{- end -}}

{{/*
The settings of the migration.
Usage: {{ include "spicedb.migrationEnv" . }}
*/}}
{{- define "spicedb.migrationEnv" -}}
{{- $migrations := .Values.config.migrations -}}
{{ include "spicedb.commonEnv" (list . "migration") }}
- name: SPICEDB_MIGRATION_TIMEOUT
  value: {{ printf "%ds" (int $migrations.timeoutSeconds) }}
{{- end -}}
