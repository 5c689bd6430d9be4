{{/*
What is wrong with what the user adds, where constraints.yaml cannot see it. Each helper that is called broken… gives a JSON
list of objects with id and message.
*/}}

{{/*
Everything that is wrong.
Usage: {{ include "spicedb.additions.broken" . | fromJsonArray }}
*/}}
{{- define "spicedb.additions.broken" -}}
{{- $broken := list -}}
{{- $migrations := .Values.config.migrations -}}
{{- $settings := or .Values.config.customFlags .Values.extraEnv $migrations.extraEnv -}}
{{- $containers := or .Values.extraContainers .Values.initContainers -}}
{{- $volumes := or .Values.extraVolumes $migrations.extraVolumes -}}
{{- if $settings -}}
{{- $broken = include "spicedb.additions.brokenSettings" . | fromJsonArray -}}
{{- end -}}
{{- if or $containers $volumes -}}
{{- $broken = concat $broken (include "spicedb.additions.brokenNames" . | fromJsonArray) -}}
{{- end -}}
{{- if eq .Values.profile "production" -}}
{{- if or $containers $volumes .Values.podSecurityContext .Values.securityContext -}}
{{- $broken = concat $broken (include "spicedb.additions.brokenHardening" . | fromJsonArray) -}}
{{- end -}}
{{- if or $settings $containers .Values.extraObjects -}}
{{- $broken = concat $broken (include "spicedb.additions.brokenSecrets" . | fromJsonArray) -}}
{{- end -}}
{{- end -}}
{{- toJson $broken -}}
{{- end -}}

{{/*
A pattern of the variables that the chart sets in this configuration or another. What it does not set here it has a key for, or its
probes, ports and policies would fail on it. Missing is a list: URIs of read replicas in other Secrets than the datastore's.
Usage: {{ regexMatch (include "spicedb.additions.reserved" .) "SPICEDB_LOG_LEVEL" }}
*/}}
{{- define "spicedb.additions.reserved" -}}
{{- $pool := "(READ_REPLICA_)?CONN_POOL_(READ|WRITE)_(MIN_OPEN|MAX_OPEN|MAX_LIFETIME|MAX_IDLETIME)" -}}
{{- $gc := "GC_(WINDOW|INTERVAL|MAX_OPERATION_TIME)" -}}
{{- $rest := "REVISION_QUANTIZATION_INTERVAL|FOLLOWER_READ_DELAY_DURATION|MAX_TX_RETRIES|READONLY|DISABLE_WATCH_SUPPORT|MIGRATION_PHASE|ALLOWED_MIGRATIONS|TX_OVERLAP_(STRATEGY|KEY)" -}}
{{- $login := "ENGINE|CONN_URI|CREDENTIALS_PROVIDER_NAME|MYSQL_TABLE_PREFIX|SPANNER_CREDENTIALS|BOOTSTRAP_.*" -}}
{{- $listeners := "(GRPC|HTTP|METRICS|DISPATCH_CLUSTER)_(ADDR|ENABLED|NETWORK|TLS_.*)|HTTP_UPSTREAM_OVERRIDE_.*|GRPC_(PRESHARED_KEY|SHUTDOWN_GRACE_PERIOD)" -}}
{{- $dispatch := "DISPATCH_(UPSTREAM_(ADDR|CA_PATH|TIMEOUT)|MAX_DEPTH)|EXPERIMENTAL_DISPATCH_SECONDARY_(UPSTREAM_ADDRS|UPSTREAM_EXPRS|MAXIMUM_PRIMARY_HEDGING_DELAYS)" -}}
{{- $logs := "LOG_(LEVEL|FORMAT)|SKIP_RELEASE_CHECK|TELEMETRY_(ENDPOINT|CA_OVERRIDE_PATH)|OTEL_(PROVIDER|ENDPOINT|INSECURE|SAMPLE_RATIO|SERVICE_NAME)|MIGRATION_TIMEOUT" -}}
{{- printf "^(PGSSL(MODE|ROOTCERT|CERT|KEY)|GOOGLE_APPLICATION_CREDENTIALS|SPICEDB_(%s|%s|%s|DATASTORE_(%s|%s|%s|%s)))$" $listeners $dispatch $logs $login $pool $gc $rest -}}
{{- end -}}

{{/*
Settings with two sources, which would disagree sooner or later.
Usage: {{ include "spicedb.additions.brokenSettings" . | fromJsonArray }}
*/}}
{{- define "spicedb.additions.brokenSettings" -}}
{{- $broken := list -}}
{{- $reserved := include "spicedb.additions.reserved" . -}}
{{- $server := include "spicedb.additions.names" (include "spicedb.serverEnv" . | fromYamlArray) | fromJsonArray -}}
{{- $migration := include "spicedb.additions.names" (include "spicedb.migrationEnv" . | fromYamlArray) | fromJsonArray -}}
{{- $flags := list -}}
{{- range include "spicedb.additions.flags" . | fromJsonArray -}}
{{- $flags = append $flags .setting -}}
{{- end -}}
{{- $sources := list (list "config.customFlags" $flags $server list) -}}
{{- $sources = append $sources (list "extraEnv" (include "spicedb.additions.names" .Values.extraEnv | fromJsonArray) $server $flags) -}}
{{- $sources = append $sources (list "config.migrations.extraEnv" (include "spicedb.additions.names" .Values.config.migrations.extraEnv | fromJsonArray) $migration list) -}}
{{- range $sources -}}
{{- $key := index . 0 -}}
{{- $own := index . 2 -}}
{{- $seen := index . 3 -}}
{{- range index . 1 -}}
{{- if or (has . $own) (regexMatch $reserved .) -}}
{{- $broken = append $broken (dict "id" "additions-leave-the-chart-s-settings" "message" (printf "%s sets %s, which the chart sets itself, together with what depends on it: use the chart's own key for it." $key .)) -}}
{{- else if has . $seen -}}
{{- $broken = append $broken (dict "id" "additions-set-a-setting-once" "message" (printf "%s sets %s, which is set here or in config.customFlags already: keep one." $key .)) -}}
{{- end -}}
{{- $seen = append $seen . -}}
{{- end -}}
{{- end -}}
{{- toJson $broken -}}
{{- end -}}

{{/*
Volumes and containers whose names are taken, and mounts of volumes that are not there.
Usage: {{ include "spicedb.additions.brokenNames" . | fromJsonArray }}
*/}}
{{- define "spicedb.additions.brokenNames" -}}
{{- $broken := list -}}
{{- $migrations := .Values.config.migrations -}}
{{- $lists := list (list "initContainers and extraContainers" (concat .Values.initContainers .Values.extraContainers) (list "spicedb")) -}}
{{- if .Values.extraVolumes -}}
{{- $own := include "spicedb.additions.names" (include "spicedb.server.volumes" . | fromYamlArray) | fromJsonArray -}}
{{- $lists = append $lists (list "extraVolumes" .Values.extraVolumes $own) -}}
{{- end -}}
{{- if $migrations.extraVolumes -}}
{{- $own := include "spicedb.additions.names" (include "spicedb.migration.volumes" . | fromYamlArray) | fromJsonArray -}}
{{- $lists = append $lists (list "config.migrations.extraVolumes" $migrations.extraVolumes $own) -}}
{{- end -}}
{{- range $lists -}}
{{- $key := index . 0 -}}
{{- $taken := index . 2 -}}
{{- range index . 1 -}}
{{- if has .name $taken -}}
{{- $broken = append $broken (dict "id" "additions-have-names-of-their-own" "message" (printf "%s: the name %q is taken in this pod: choose another." $key .name)) -}}
{{- end -}}
{{- $taken = append $taken .name -}}
{{- end -}}
{{- end -}}
{{- $mounts := list (list "extraVolumeMounts" .Values.extraVolumeMounts .Values.extraVolumes) -}}
{{- $mounts = append $mounts (list "config.migrations.extraVolumeMounts" $migrations.extraVolumeMounts $migrations.extraVolumes) -}}
{{- range $mounts -}}
{{- $key := index . 0 -}}
{{- $volumes := include "spicedb.additions.names" (index . 2) | fromJsonArray -}}
{{- range index . 1 -}}
{{- if and $volumes (not (has .name $volumes)) -}}
{{- $broken = append $broken (dict "id" "extra-mounts-name-a-volume" "message" (printf "%s mounts the volume %q, which is not among those that you add: correct the name, or add it." $key .name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $broken -}}
{{- end -}}

{{/*
The names of a list of objects, as a JSON list.
Usage: {{ include "spicedb.additions.names" .Values.extraVolumes | fromJsonArray }}
*/}}
{{- define "spicedb.additions.names" -}}
{{- $names := list -}}
{{- range . -}}{{- $names = append $names .name -}}{{- end -}}
{{- toJson $names -}}
{{- end -}}
