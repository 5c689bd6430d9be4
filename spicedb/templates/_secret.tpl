{{/*
The Secret with preshared key and datastore URI, and volumes with Secrets.
*/}}

{{/*
The name of the Secret, the user's or the chart's own.
Usage: {{ include "spicedb.secretName" . }}
*/}}
{{- define "spicedb.secretName" -}}
{{- .Values.existingSecret | default (include "spicedb.fullname" .) -}}
{{- end -}}

{{/*
Whether the preshared key is derived from release name and namespace, so that a first try needs no key: "true" or "".
Constraints refuse every other configuration without a key.
Usage: {{ if include "spicedb.secret.isDerived" . }}
*/}}
{{- define "spicedb.secret.isDerived" -}}
{{- if and (eq .Values.profile "development") (eq .Values.config.datastoreEngine "memory") (not .Values.existingSecret) (not .Values.secretData.presharedKey) -}}
true
{{- end -}}
{{- end -}}

{{/*
The data of the chart's own Secret, or nothing where the user brings one.
Usage: {{ with include "spicedb.secret.data" . }}
*/}}
{{- define "spicedb.secret.data" -}}
{{- if not .Values.existingSecret -}}
{{- $key := .Values.secretData.presharedKey -}}
{{- if include "spicedb.secret.isDerived" . -}}
{{- $key = printf "predictable-%s" (printf "%s/%s" .Release.Namespace .Release.Name | sha256sum | trunc 40) -}}
{{- end -}}
{{- $uri := .Values.secretData.datastoreURI -}}
{{- if eq .Values.secretsAs "file" -}}
{{- range $name, $text := include "spicedb.secretFile.contents" (list . $key $uri) | fromJson }}
{{ $name }}: {{ $text | b64enc | quote }}
{{- end }}
{{- end }}
{{- if or (eq .Values.secretsAs "env") .Values.tests.enabled }}
preshared_key: {{ $key | b64enc | quote }}
{{- end }}
{{- if and $uri (eq .Values.secretsAs "env") }}
datastore_uri: {{ $uri | b64enc | quote }}
{{- end }}
{{- end -}}
{{- end -}}

{{/*
The annotations that restart pods, and run a new migration, when the chart's own Secret changes or the user says that hers
did, or nothing. SpiceDB reads Secrets only when it starts. A Secret of the user's cannot be seen from here.
Usage: {{ with include "spicedb.secret.annotations" . }}
*/}}
{{- define "spicedb.secret.annotations" -}}
{{- with include "spicedb.secret.data" . | trim -}}
checksum/secret: {{ sha256sum . }}
{{ end -}}
{{- with .Values.secretRevision -}}
secret-revision: {{ ternary . (int64 . | toString) (kindIs "string" .) | quote }}
{{- end -}}
{{- end -}}

{{/*
A volume with some keys of a Secret. Naming the keys keeps others out of the pod and makes a missing one an event that says so.
Usage: {{ include "spicedb.secretVolume" (list "tls-grpc" "my-secret" (list "tls.crt" "tls.key")) }}
*/}}
{{- define "spicedb.secretVolume" -}}
- name: {{ index . 0 }}
  secret:
    secretName: {{ index . 1 | quote }}
    {{- /* 288 is 0440; YAML 1.1 and 1.2 read octal numbers differently. */}}
    defaultMode: 288
    items:
      {{- range index . 2 }}
      - key: {{ . | quote }}
        path: {{ . | quote }}
      {{- end }}
{{- end -}}
