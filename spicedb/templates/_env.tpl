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
  value: {{ (index . 0).Values.config.logFormat }}
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
{{- if eq .Values.secretsAs "env" }}
- name: SPICEDB_GRPC_PRESHARED_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "spicedb.secretName" . | quote }}
      key: {{ .Values.existingSecretKeys.presharedKey | quote }}
{{- end }}
- name: SPICEDB_GRPC_SHUTDOWN_GRACE_PERIOD
  value: {{ printf "%ds" (int $config.shutdown.gracePeriodSeconds) }}
- name: SPICEDB_HTTP_ENABLED
  value: {{ $config.http.enabled | quote }}
{{- include "spicedb.telemetry.env" . }}
{{- include "spicedb.tracing.env" . }}
- name: SPICEDB_DISPATCH_CLUSTER_ENABLED
  value: {{ $config.dispatch.enabled | quote }}
{{- if $config.dispatch.enabled }}
- name: SPICEDB_DISPATCH_UPSTREAM_ADDR
  value: {{ include "spicedb.dispatch.address" . | quote }}
{{- end }}
{{- if not (kindIs "invalid" $config.dispatch.upstreamTimeoutSeconds) }}
- name: SPICEDB_DISPATCH_UPSTREAM_TIMEOUT
  value: {{ printf "%ds" (int $config.dispatch.upstreamTimeoutSeconds) }}
{{- end }}
{{- if not (kindIs "invalid" $config.dispatch.maxDepth) }}
- name: SPICEDB_DISPATCH_MAX_DEPTH
  value: {{ int $config.dispatch.maxDepth | quote }}
{{- end }}
{{- include "spicedb.datastore.serverEnv" . }}
{{- include "spicedb.tls.env" . }}
{{- include "spicedb.secretFile.closedEnv" . }}
{{- include "spicedb.bootstrap.env" . }}
{{- end -}}

{{/*
The settings of telemetry. An empty address turns it off; SpiceDB's own is written out, so that a review sees it.
Usage: {{ include "spicedb.telemetry.env" . }}
*/}}
{{- define "spicedb.telemetry.env" -}}
{{- with .Values.config.telemetry }}
- name: SPICEDB_TELEMETRY_ENDPOINT
  value: {{ .enabled | ternary (.endpoint | default "https://telemetry.authzed.com") "" | quote }}
{{- if .caSecretName }}
- name: SPICEDB_TELEMETRY_CA_OVERRIDE_PATH
  value: /etc/spicedb/tls/telemetry/ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{/*
The settings of tracing, or nothing.
Usage: {{ include "spicedb.tracing.env" . }}
*/}}
{{- define "spicedb.tracing.env" -}}
{{- with .Values.config.tracing -}}
{{- if ne .provider "none" }}
- name: SPICEDB_OTEL_PROVIDER
  value: {{ .provider }}
- name: SPICEDB_OTEL_ENDPOINT
  value: {{ .endpoint | quote }}
- name: SPICEDB_OTEL_INSECURE
  value: {{ .insecure | quote }}
- name: SPICEDB_OTEL_SAMPLE_RATIO
  value: {{ .sampleRatio | quote }}
- name: SPICEDB_OTEL_SERVICE_NAME
  value: {{ .serviceName | quote }}
{{- end }}
{{- end }}
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
