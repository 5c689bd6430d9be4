{{/*
Secrets as the file spicedb.env in the working directory of server and migration, in place of environment variables. SpiceDB reads
it when it starts, since v1.25; a variable that the container has too wins.
*/}}

{{/*
The Secret and key with a component's file, as a JSON object; {} where it has none: with variables, and for a migration that has
no secret. A volume without its key would keep the pod from starting.
Usage: {{ include "spicedb.secretFile.source" (list . "server") | fromJson }}
*/}}
{{- define "spicedb.secretFile.source" -}}
{{- $root := index . 0 -}}
{{- $values := $root.Values -}}
{{- $own := $values.config.migrations.datastoreSecret -}}
{{- $source := dict -}}
{{- if eq $values.secretsAs "file" -}}
{{- if eq (index . 1) "server" -}}
{{- $source = dict "name" (include "spicedb.secretName" $root) "key" $values.existingSecretKeys.serverFile -}}
{{- else if and (not $values.aws.rds.enabled) (or $own.name $values.existingSecret $values.secretData.datastoreURI) -}}
{{- $name := $own.name | default (include "spicedb.secretName" $root) -}}
{{- $source = dict "name" $name "key" ($own.key | default $values.existingSecretKeys.migrationFile) -}}
{{- end -}}
{{- end -}}
{{- toJson $source -}}
{{- end -}}

{{/*
The working directory, where the file lies, or nothing. A directory and no subPath, so that nothing of the image is needed there.
Usage: {{ include "spicedb.secretFile.workingDir" (list . "server") | nindent 6 }}
*/}}
{{- define "spicedb.secretFile.workingDir" -}}
{{- if include "spicedb.secretFile.source" . | fromJson }}
workingDir: /etc/spicedb/secret
{{- end }}
{{- end -}}

{{/*
Settings of the server that stay as SpiceDB has them, said nevertheless, or nothing: what is said here the file cannot say otherwise,
and it cannot be seen whether it would.
Usage: {{ include "spicedb.secretFile.closedEnv" . }}
*/}}
{{- define "spicedb.secretFile.closedEnv" -}}
{{- if eq .Values.secretsAs "file" }}
{{- if not .Values.config.dispatch.enabled }}
- name: SPICEDB_DISPATCH_UPSTREAM_ADDR
  value: ""
{{- end }}
{{- if and .Values.config.dispatch.enabled (not (include "spicedb.tls.serves" (list . "dispatch"))) }}
- name: SPICEDB_DISPATCH_UPSTREAM_CA_PATH
  value: ""
{{- end }}
{{- end }}
{{- end -}}

{{/*
The mount of the file, or nothing.
Usage: {{ include "spicedb.secretFile.volumeMounts" (list . "server") }}
*/}}
{{- define "spicedb.secretFile.volumeMounts" -}}
{{- if include "spicedb.secretFile.source" . | fromJson }}
- name: secret-file
  mountPath: /etc/spicedb/secret
  readOnly: true
{{- end }}
{{- end -}}

{{/*
The volume with the file, or nothing. Its mode is 0440.
Usage: {{ include "spicedb.secretFile.volumes" (list . "server") }}
*/}}
{{- define "spicedb.secretFile.volumes" -}}
{{- with include "spicedb.secretFile.source" . | fromJson }}
- name: secret-file
  secret:
    secretName: {{ .name | quote }}
    defaultMode: 288
    items:
      - key: {{ .key | quote }}
        path: spicedb.env
{{- end }}
{{- end -}}

{{/*
The files that the chart's own Secret, or the one of a store, holds, as a JSON object of texts by key. Quoted once, as SpiceDB
takes a quoted text as it is; constraints refuse what would end the quotation.
Usage: {{ include "spicedb.secretFile.contents" (list . "the preshared key" "the datastore's URI, or nothing") | fromJson }}
*/}}
{{- define "spicedb.secretFile.contents" -}}
{{- $keys := (index . 0).Values.existingSecretKeys -}}
{{- $uri := ternary (printf "SPICEDB_DATASTORE_CONN_URI='%s'\n" (index . 2)) "" (ne (index . 2) "") -}}
{{- $files := dict $keys.serverFile (printf "SPICEDB_GRPC_PRESHARED_KEY='%s'\n%s" (index . 1) $uri) -}}
{{- if $uri -}}
{{- $_ := set $files $keys.migrationFile $uri -}}
{{- end -}}
{{- toJson $files -}}
{{- end -}}
