{{/*
TLS of the listeners and of dispatch's client side.
*/}}

{{/*
The listeners that exist, as a JSON list of objects: name, port, setting (the part of SPICEDB_<setting>_TLS_CERT_PATH) and
secretName, which is empty where the listener speaks plaintext. Ports, settings, volumes and notes all come from here.
Usage: {{ range include "spicedb.listeners" . | fromJsonArray }}
*/}}
{{- define "spicedb.listeners" -}}
{{- $config := .Values.config -}}
{{- $tls := $config.tls -}}
{{- $listeners := list (dict "name" "grpc" "port" 50051 "setting" "GRPC") -}}
{{- if $config.http.enabled -}}
{{- $listeners = append $listeners (dict "name" "http" "port" 8443 "setting" "HTTP") -}}
{{- end -}}
{{- $listeners = append $listeners (dict "name" "metrics" "port" 9090 "setting" "METRICS") -}}
{{- if $config.dispatch.enabled -}}
{{- $listeners = append $listeners (dict "name" "dispatch" "port" 50053 "setting" "DISPATCH_CLUSTER") -}}
{{- end -}}
{{- range $listeners -}}
{{- $own := index $tls .name -}}
{{- $secretName := coalesce $own.secretName $tls.secretName (include "spicedb.certificates.secretName" (list $ .name)) -}}
{{- $_ := set . "secretName" (ternary $secretName "" (and $tls.enabled $own.enabled)) -}}
{{- end -}}
{{- toJson $listeners -}}
{{- end -}}

{{/*
Whether a listener exists and is served with TLS: "true" or "".
Usage: {{ if include "spicedb.tls.serves" (list . "grpc") }}
*/}}
{{- define "spicedb.tls.serves" -}}
{{- $name := index . 1 -}}
{{- range include "spicedb.listeners" (index . 0) | fromJsonArray -}}
{{- if and (eq .name $name) .secretName }}true{{ end -}}
{{- end -}}
{{- end -}}

{{/*
The server's settings for certificates, as environment variables.
Usage: {{ include "spicedb.tls.env" . }}
*/}}
{{- define "spicedb.tls.env" -}}
{{- range include "spicedb.listeners" . | fromJsonArray }}
{{- if .secretName }}
- name: SPICEDB_{{ .setting }}_TLS_CERT_PATH
  value: /etc/spicedb/tls/{{ .name }}/tls.crt
- name: SPICEDB_{{ .setting }}_TLS_KEY_PATH
  value: /etc/spicedb/tls/{{ .name }}/tls.key
{{- end }}
{{- end }}
{{- if include "spicedb.tls.serves" (list . "dispatch") }}
- name: SPICEDB_DISPATCH_UPSTREAM_CA_PATH
  value: {{ printf "/etc/spicedb/tls/dispatch-ca/%s" .Values.config.dispatch.upstreamCAKey | quote }}
{{- end }}
{{- end -}}

{{/*
The server's mounts of certificates. Whole directories: a file mounted by subPath would never see a renewed certificate.
Usage: {{ include "spicedb.tls.volumeMounts" . }}
*/}}
{{- define "spicedb.tls.volumeMounts" -}}
{{- range include "spicedb.listeners" . | fromJsonArray }}
{{- if .secretName }}
- name: tls-{{ .name }}
  mountPath: /etc/spicedb/tls/{{ .name }}
  readOnly: true
{{- end }}
{{- end }}
{{- if include "spicedb.tls.serves" (list . "dispatch") }}
- name: tls-dispatch-ca
  mountPath: /etc/spicedb/tls/dispatch-ca
  readOnly: true
{{- end }}
{{- if .Values.config.telemetry.caSecretName }}
- name: tls-telemetry
  mountPath: /etc/spicedb/tls/telemetry
  readOnly: true
{{- end }}
{{- end -}}

{{/*
The server's volumes with certificates.
Usage: {{ include "spicedb.tls.volumes" . }}
*/}}
{{- define "spicedb.tls.volumes" -}}
{{- range include "spicedb.listeners" . | fromJsonArray }}
{{- if .secretName }}
{{ include "spicedb.secretVolume" (list (printf "tls-%s" .name) .secretName (list "tls.crt" "tls.key")) }}
{{- end }}
{{- end }}
{{- if include "spicedb.tls.serves" (list . "dispatch") }}
{{- $dispatch := .Values.config.dispatch }}
{{- $secretName := $dispatch.upstreamCASecretName | default (include "spicedb.certificates.secretName" (list . "dispatch")) }}
{{ include "spicedb.secretVolume" (list "tls-dispatch-ca" $secretName (list $dispatch.upstreamCAKey)) }}
{{- end }}
{{- with .Values.config.telemetry.caSecretName }}
{{ include "spicedb.secretVolume" (list "tls-telemetry" . (list "ca.crt")) }}
{{- end }}
{{- end -}}
