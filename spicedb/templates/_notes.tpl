{{/*
Texts of NOTES.txt.
*/}}

{{/*
How kubectl's output of the Secret becomes the preshared keys, in a shell.
Usage: {{ include "spicedb.notes.presharedKey" . }}
*/}}
{{- define "spicedb.notes.presharedKey" -}}
{{- $file := eq .Values.secretsAs "file" -}}
{{- $key := ternary .Values.existingSecretKeys.serverFile .Values.existingSecretKeys.presharedKey $file -}}
jsonpath='{.data.{{ $key | replace "." "\\." }}}' | base64 --decode
{{- if $file }} | sed -n "s/^SPICEDB_GRPC_PRESHARED_KEY=//p" | tr -d "\"'"{{ end -}}
{{- end -}}

{{/*
What the user should know about the values, as a JSON list of sentences.
Usage: {{ range include "spicedb.notes.warnings" . | fromJsonArray }}
*/}}
{{- define "spicedb.notes.warnings" -}}
{{- $config := .Values.config -}}
{{- $warnings := include "spicedb.versions.warnings" . | fromJsonArray -}}
{{- if include "spicedb.secret.isDerived" . -}}
{{- $warnings = append $warnings "The preshared key is not a secret: the chart derived it from release name and namespace, and anybody who knows both can compute it. Set existingSecret or secretData.presharedKey." -}}
{{- end -}}
{{- $plaintext := list -}}
{{- range include "spicedb.listeners" . | fromJsonArray -}}
{{- if not .secretName -}}
{{- $plaintext = append $plaintext (printf "%s (%d)" .name (int .port)) -}}
{{- end -}}
{{- end -}}
{{- with $plaintext -}}
{{- $warnings = append $warnings (printf "These listeners speak plaintext: %s. Set config.tls.enabled and config.tls.secretName." (join ", " .)) -}}
{{- end -}}
{{- if eq $config.datastoreEngine "memory" -}}
{{- $warnings = append $warnings "The memory engine loses all schemas and relationships whenever its pod is replaced. Set config.datastoreEngine to another to keep them." -}}
{{- else if and (ne $config.datastoreEngine "spanner") (not $config.tls.datastore.enabled) -}}
{{- $warnings = append $warnings (printf "The datastore's certificate is not verified unless its URI says %s. Set config.tls.datastore.enabled." (ternary "tls=true" "sslmode=verify-full" (eq $config.datastoreEngine "mysql"))) -}}
{{- end -}}
{{- if and (ne $config.datastoreEngine "memory") (not $config.migrations.enabled) -}}
{{- $warnings = append $warnings "No migration runs: pods become ready only when you have migrated the datastore yourself." -}}
{{- end -}}
{{- if not .Values.networkPolicy.enabled -}}
{{- $warnings = append $warnings "No NetworkPolicy restricts who may reach SpiceDB and what SpiceDB may reach. Set networkPolicy.enabled." -}}
{{- else if ne .Values.service.type "ClusterIP" -}}
{{- $warnings = append $warnings (printf "service.type is %s, and the NetworkPolicy admits only the peers in networkPolicy.clients: add the addresses that callers from outside come from." .Values.service.type) -}}
{{- end -}}
{{- toJson $warnings -}}
{{- end -}}
