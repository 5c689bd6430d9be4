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
The Secret and key that the datastore's URI comes from, as a JSON object; component is server or migration.
Usage: {{ include "spicedb.datastore.uriSecret" (list . "migration") | fromJson }}
*/}}
{{- define "spicedb.datastore.uriSecret" -}}
{{- $root := index . 0 -}}
{{- $values := $root.Values -}}
{{- $name := $values.config.datastore.existingSecret | default (include "spicedb.secretName" $root) -}}
{{- $key := $values.existingSecretKeys.datastoreURI -}}
{{- if eq (index . 1) "migration" -}}
{{- $own := $values.config.migrations.datastoreSecret -}}
{{- $name = $own.name | default $name -}}
{{- $key = $own.key | default $key -}}
{{- end -}}
{{- dict "name" $name "key" $key | toJson -}}
{{- end -}}

{{/*
The parts of the datastore's URI where it is no secret, as a JSON object with host, port, user, database and passwordSecret;
{} where the URI comes from a Secret.
Usage: {{ include "spicedb.datastore.parts" . | fromJson }}
*/}}
{{- define "spicedb.datastore.parts" -}}
{{- $parts := dict -}}
{{- with .Values.config.datastore.connection -}}
{{- if .host -}}
{{- $port := ternary (include "spicedb.datastore.defaultPort" $) .port (kindIs "invalid" .port) | int -}}
{{- $parts = dict "host" .host "port" $port "user" .user "database" .database "passwordSecret" .passwordSecret -}}
{{- end -}}
{{- end -}}
{{- with .Values.aws.rds -}}
{{- if .enabled -}}
{{- $port := ternary (include "spicedb.datastore.defaultPort" $) .port (kindIs "invalid" .port) | int -}}
{{- $parts = dict "host" .hostname "port" $port "user" .username "database" .database "passwordSecret" (dict "name" "") -}}
{{- end -}}
{{- end -}}
{{- toJson $parts -}}
{{- end -}}

{{/*
The datastore's URI made of its parts, without a password: PostgreSQL's driver takes it from PGPASSWORD, for MySQL's the
kubelet writes it in.
Usage: {{ include "spicedb.datastore.uri" . }}
*/}}
{{- define "spicedb.datastore.uri" -}}
{{- $parts := include "spicedb.datastore.parts" . | fromJson -}}
{{- if eq .Values.config.datastoreEngine "mysql" -}}
{{- $login := print $parts.user (ternary ":$(DATASTORE_PASSWORD)" "" (ne $parts.passwordSecret.name "")) -}}
{{- printf "%s@tcp(%s:%d)/%s?parseTime=true%s" $login $parts.host (int $parts.port) $parts.database (include "spicedb.datastore.mysqlTLS" .) -}}
{{- else -}}
{{- $login := urlquery $parts.user | replace "+" "%20" -}}
{{- $query := ternary (printf "?sslmode=%s" .Values.aws.rds.sslMode) "" .Values.aws.rds.enabled -}}
{{- printf "postgresql://%s@%s:%d/%s%s" $login $parts.host (int $parts.port) $parts.database $query -}}
{{- end -}}
{{- end -}}

{{/*
What is appended to a URI of MySQL, whose TLS is decided in the URI alone and by the last word there: nothing in a Secret
can undo it.
Usage: {{ include "spicedb.datastore.mysqlTLS" . }}
*/}}
{{- define "spicedb.datastore.mysqlTLS" -}}
{{- if and (eq .Values.config.datastoreEngine "mysql") .Values.config.tls.datastore.enabled }}&tls=true{{ else if .Values.aws.rds.enabled }}&tls=skip-verify{{ end -}}
{{- end -}}

{{/*
The settings of the datastore, for server or migration.
Usage: {{ include "spicedb.datastore.env" (list . "migration") }}
*/}}
{{- define "spicedb.datastore.env" -}}
{{- $root := index . 0 -}}
{{- $engine := $root.Values.config.datastoreEngine -}}
{{- $datastore := $root.Values.config.datastore -}}
- name: SPICEDB_DATASTORE_ENGINE
  value: {{ $engine }}
{{- with include "spicedb.datastore.uriEnv" . | trim }}
{{ . }}
{{- end }}
{{- if include "spicedb.datastore.speaksPostgres" $root }}
{{- /* Without it a migration whose packets are dropped hangs for minutes without a word. */}}
- name: PGCONNECT_TIMEOUT
  value: "10"
{{- end }}
{{- include "spicedb.datastore.tlsEnv" $root }}
{{- if $root.Values.aws.rds.enabled }}
- name: SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME
  value: aws-iam
- name: AWS_REGION
  value: {{ $root.Values.aws.podIdentity.region | quote }}
{{- end }}
{{- with $datastore.mysql.tablePrefix }}
- name: SPICEDB_DATASTORE_MYSQL_TABLE_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- with $datastore.spanner.credentialsSecret }}
{{- if .name }}
- name: GOOGLE_APPLICATION_CREDENTIALS
  value: {{ printf "/etc/spicedb/spanner/%s" .key | quote }}
{{- end }}
{{- end }}
{{- if and (eq $engine "spanner") (eq $root.Values.secretsAs "file") }}
{{- /* Said, so that the file cannot say otherwise. */}}
- name: SPICEDB_DATASTORE_SPANNER_EMULATOR_HOST
  value: ""
{{- end }}
{{- end -}}

{{/*
The datastore's URI, for server or migration, or nothing where there is none or a file holds it. A variable must stand before the
one that refers to it.
Usage: {{ include "spicedb.datastore.uriEnv" (list . "migration") }}
*/}}
{{- define "spicedb.datastore.uriEnv" -}}
{{- $root := index . 0 -}}
{{- $mysql := eq $root.Values.config.datastoreEngine "mysql" -}}
{{- $parts := include "spicedb.datastore.parts" $root | fromJson -}}
{{- if $parts }}
{{- if $parts.passwordSecret.name }}
- name: {{ ternary "DATASTORE_PASSWORD" "PGPASSWORD" $mysql }}
  valueFrom:
    secretKeyRef:
      name: {{ $parts.passwordSecret.name | quote }}
      key: {{ $parts.passwordSecret.key | quote }}
{{- end }}
- name: SPICEDB_DATASTORE_CONN_URI
  value: {{ include "spicedb.datastore.uri" $root | quote }}
{{- else if and (ne $root.Values.config.datastoreEngine "memory") (eq $root.Values.secretsAs "env") }}
{{- $appended := include "spicedb.datastore.mysqlTLS" $root -}}
{{- $secret := include "spicedb.datastore.uriSecret" . | fromJson -}}
- name: {{ ternary "DATASTORE_URI" "SPICEDB_DATASTORE_CONN_URI" (ne $appended "") }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret.name | quote }}
      key: {{ $secret.key | quote }}
{{- if $appended }}
- name: SPICEDB_DATASTORE_CONN_URI
  value: $(DATASTORE_URI){{ $appended }}
{{- end }}
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
{{- range $pool, $prefix := dict "read" "CONN_POOL_READ" "readReplica" "READ_REPLICA_CONN_POOL_READ" "write" "CONN_POOL_WRITE" -}}
{{- $values := index $datastore.connectionPool $pool -}}
{{- range $setting := list (list "MIN_OPEN" $values.minOpen) (list "MAX_OPEN" $values.maxOpen) (list "MAX_LIFETIME" $values.maxLifetime) (list "MAX_IDLETIME" $values.maxIdleTime) -}}
{{- $settings = append $settings (list (printf "%s_%s" $prefix (index $setting 0)) (index $setting 1)) -}}
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
      name: {{ (include "spicedb.datastore.uriSecret" (list $ "server") | fromJson).name | quote }}
      key: {{ $key | quote }}
{{- end }}
{{- end -}}

{{/*
Arguments of the server for settings with several values, of which SpiceDB reads only one from the environment; or nothing.
Usage: {{ include "spicedb.datastore.serverArgs" . | nindent 8 }}
*/}}
{{- define "spicedb.datastore.serverArgs" -}}
{{- $suffix := include "spicedb.datastore.mysqlTLS" . -}}
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
