{{/*
The datastore, as server and migration see it. Both take everything from here, so that they cannot disagree.
*/}}

{{/*
The engine's own port, or 0 for memory.
Usage: {{ include "spicedb.datastore.defaultPort" . }}
*/}}
{{- define "spicedb.datastore.defaultPort" -}}
{{- $ports := dict "memory" 0 "postgres" 5432 "cockroachdb" 26257 "mysql" 3306 "spanner" 443 -}}
{{- get $ports .Values.config.datastoreEngine -}}
{{- end -}}

{{/*
Whether the engine's driver is that of PostgreSQL: "true" or "". It reads the PG… variables; what the URI says wins over them.
Usage: {{ if include "spicedb.datastore.speaksPostgres" . }}
*/}}
{{- define "spicedb.datastore.speaksPostgres" -}}
{{- if has .Values.config.datastoreEngine (list "postgres" "cockroachdb") }}true{{ end -}}
{{- end -}}

{{/*
The settings of the datastore, for server and migration.
Usage: {{ include "spicedb.datastore.env" . }}
*/}}
{{- define "spicedb.datastore.env" -}}
{{- $engine := .Values.config.datastoreEngine -}}
{{- $datastore := .Values.config.datastore -}}
- name: SPICEDB_DATASTORE_ENGINE
  value: {{ $engine }}
{{- if ne $engine "memory" }}
{{ include "spicedb.datastore.uriEnv" . }}
{{- end }}
{{- if include "spicedb.datastore.speaksPostgres" . }}
{{- /* Without it a migration whose packets are dropped hangs for minutes without a word. */}}
- name: PGCONNECT_TIMEOUT
  value: "10"
{{- end }}
{{- include "spicedb.datastore.tlsEnv" . }}
{{- with $datastore.mysql.tablePrefix }}
- name: SPICEDB_DATASTORE_MYSQL_TABLE_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- with $datastore.spanner.credentialsSecret }}
{{- if .name }}
- name: SPICEDB_DATASTORE_SPANNER_CREDENTIALS
  value: {{ printf "/etc/spicedb/spanner/%s" .key | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
The datastore's URI. TLS of MySQL is decided in the URI alone, where the last word counts: it is appended, so that nothing
in the Secret can undo it.
Usage: {{ include "spicedb.datastore.uriEnv" . }}
*/}}
{{- define "spicedb.datastore.uriEnv" -}}
{{- $appends := and (eq .Values.config.datastoreEngine "mysql") .Values.config.tls.datastore.enabled -}}
- name: {{ ternary "DATASTORE_URI" "SPICEDB_DATASTORE_CONN_URI" $appends }}
  valueFrom:
    secretKeyRef:
      name: {{ include "spicedb.secretName" . | quote }}
      key: datastore_uri
{{- if $appends }}
- name: SPICEDB_DATASTORE_CONN_URI
  value: $(DATASTORE_URI)&tls=true
{{- end }}
{{- end -}}

{{/*
How the datastore's certificate is verified. MySQL's driver knows no authority of its own: it is given one as the system's.
Usage: {{ include "spicedb.datastore.tlsEnv" . }}
*/}}
{{- define "spicedb.datastore.tlsEnv" -}}
{{- $tls := .Values.config.tls.datastore -}}
{{- if and $tls.enabled (include "spicedb.datastore.speaksPostgres" .) }}
- name: PGSSLMODE
  value: verify-full
- name: PGSSLROOTCERT
  value: /etc/spicedb/tls/datastore/ca.crt
{{- if $tls.clientCertificate }}
- name: PGSSLCERT
  value: /etc/spicedb/tls/datastore/tls.crt
- name: PGSSLKEY
  value: /etc/spicedb/tls/datastore/tls.key
{{- end }}
{{- else if $tls.enabled }}
- name: SSL_CERT_FILE
  value: /etc/spicedb/tls/datastore/ca.crt
{{- end }}
{{- end -}}

{{/*
The settings of the datastore that only the server has; nothing for what is not set.
Usage: {{ include "spicedb.datastore.serverEnv" . }}
*/}}
{{- define "spicedb.datastore.serverEnv" -}}
{{- $datastore := .Values.config.datastore -}}
{{- $settings := list -}}
{{- range $pool := list "read" "write" -}}
{{- $values := index $datastore.connectionPool $pool -}}
{{- range $setting := list (list "MIN_OPEN" $values.minOpen) (list "MAX_OPEN" $values.maxOpen) (list "MAX_LIFETIME" $values.maxLifetime) (list "MAX_IDLETIME" $values.maxIdleTime) -}}
{{- $settings = append $settings (list (printf "CONN_POOL_%s_%s" (upper $pool) (index $setting 0)) (index $setting 1)) -}}
{{- end -}}
{{- end -}}
{{- $settings = append $settings (list "GC_WINDOW" $datastore.gc.window) -}}
{{- $settings = append $settings (list "GC_INTERVAL" $datastore.gc.interval) -}}
{{- $settings = append $settings (list "GC_MAX_OPERATION_TIME" $datastore.gc.maxOperationTime) -}}
{{- $settings = append $settings (list "REVISION_QUANTIZATION_INTERVAL" $datastore.revisionQuantizationInterval) -}}
{{- $settings = append $settings (list "FOLLOWER_READ_DELAY_DURATION" $datastore.followerReadDelay) -}}
{{- $settings = append $settings (list "MAX_TX_RETRIES" $datastore.maxTxRetries) -}}
{{- $settings = append $settings (list "READONLY" (ternary "true" "" $datastore.readOnly)) -}}
{{- $settings = append $settings (list "DISABLE_WATCH_SUPPORT" (ternary "" "true" $datastore.watch.enabled)) -}}
{{- $settings = append $settings (list "MIGRATION_PHASE" $datastore.migrationPhase) -}}
{{- $settings = append $settings (list "TX_OVERLAP_STRATEGY" $datastore.cockroachdb.txOverlapStrategy) -}}
{{- $settings = append $settings (list "TX_OVERLAP_KEY" $datastore.cockroachdb.txOverlapKey) -}}
{{- range $settings }}
{{- if not (has (toString (index . 1)) (list "" "<nil>")) }}
- name: SPICEDB_DATASTORE_{{ index . 0 }}
  value: {{ ternary (index . 1) (int64 (index . 1) | toString) (kindIs "string" (index . 1)) | quote }}
{{- end }}
{{- end }}
{{- range $index, $key := $datastore.readReplicas }}
- name: DATASTORE_READ_REPLICA_URI_{{ $index }}
  valueFrom:
    secretKeyRef:
      name: {{ include "spicedb.secretName" $ | quote }}
      key: {{ $key | quote }}
{{- end }}
{{- end -}}

{{/*
Arguments of the server for settings with several values, of which SpiceDB reads only one from the environment; or nothing.
Usage: {{ include "spicedb.datastore.serverArgs" . | nindent 8 }}
*/}}
{{- define "spicedb.datastore.serverArgs" -}}
{{- $suffix := ternary "&tls=true" "" (and (eq .Values.config.datastoreEngine "mysql") .Values.config.tls.datastore.enabled) -}}
{{- range $index, $key := .Values.config.datastore.readReplicas }}
- {{ printf "--datastore-read-replica-conn-uri=$(DATASTORE_READ_REPLICA_URI_%d)%s" $index $suffix | quote }}
{{- end }}
{{- range .Values.config.datastore.allowedMigrations }}
- --datastore-allowed-migrations={{ . }}
{{- end }}
{{- end -}}

{{/*
The datastore's mounts, for server and migration, or nothing.
Usage: {{ include "spicedb.datastore.volumeMounts" . }}
*/}}
{{- define "spicedb.datastore.volumeMounts" -}}
{{- if .Values.config.tls.datastore.enabled }}
- name: tls-datastore
  mountPath: /etc/spicedb/tls/datastore
  readOnly: true
{{- end }}
{{- if .Values.config.datastore.spanner.credentialsSecret.name }}
- name: spanner-credentials
  mountPath: /etc/spicedb/spanner
  readOnly: true
{{- end }}
{{- end -}}

{{/*
The datastore's volumes, for server and migration, or nothing.
Usage: {{ include "spicedb.datastore.volumes" . }}
*/}}
{{- define "spicedb.datastore.volumes" -}}
{{- with .Values.config.tls.datastore }}
{{- if .enabled }}
{{ include "spicedb.secretVolume" (list "tls-datastore" .secretName (ternary (list "ca.crt" "tls.crt" "tls.key") (list "ca.crt") .clientCertificate)) }}
{{- end }}
{{- end }}
{{- with .Values.config.datastore.spanner.credentialsSecret }}
{{- if .name }}
{{ include "spicedb.secretVolume" (list "spanner-credentials" .name (list .key)) }}
{{- end }}
{{- end }}
{{- end -}}
