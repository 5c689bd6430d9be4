{{/*
Certificates of cert-manager.
*/}}

{{/*
The name of a Certificate and of its Secret: "tls" for gRPC, the REST gateway and metrics, "dispatch-tls" for dispatch.
Usage: {{ include "spicedb.certificates.name" (list . "tls") }}
*/}}
{{- define "spicedb.certificates.name" -}}
{{- include "spicedb.componentName" (list (index . 0) (printf "-%s" (index . 1))) -}}
{{- end -}}

{{/*
The Secret that cert-manager fills for a listener, or nothing where it makes none.
Usage: {{ include "spicedb.certificates.secretName" (list . "grpc") }}
*/}}
{{- define "spicedb.certificates.secretName" -}}
{{- if (index . 0).Values.certManager.enabled -}}
{{- include "spicedb.certificates.name" (list (index . 0) (ternary "dispatch-tls" "tls" (eq (index . 1) "dispatch"))) -}}
{{- end -}}
{{- end -}}

{{/*
What the two Certificates have in common. A new key with each certificate, because a renewal is then a rotation too.
Usage: {{ include "spicedb.certificates.spec" . }}
*/}}
{{- define "spicedb.certificates.spec" -}}
{{- with .Values.certManager -}}
issuerRef:
  name: {{ .issuerRef.name | quote }}
  kind: {{ .issuerRef.kind }}
  group: {{ .issuerRef.group | quote }}
{{- with .duration }}
duration: {{ . }}
{{- end }}
{{- with .renewBefore }}
renewBefore: {{ . }}
{{- end }}
privateKey:
  algorithm: ECDSA
  size: 256
  rotationPolicy: Always
usages:
  - digital signature
  - server auth
{{- end -}}
{{- end -}}

{{/*
The names that clients and Prometheus connect to, as a YAML list.
Usage: {{ include "spicedb.certificates.dnsNames" . }}
*/}}
{{- define "spicedb.certificates.dnsNames" -}}
{{- $service := include "spicedb.fullname" . -}}
{{- $namespace := include "spicedb.namespace" . -}}
{{- $names := list
  (printf "%s.%s.svc" $service $namespace)
  $service
  (printf "%s.%s" $service $namespace)
  (printf "%s.%s.svc.cluster.local" $service $namespace)
  (printf "%s.svc" (include "spicedb.dispatch.serverName" .))
-}}
{{- concat $names .Values.certManager.dnsNames | uniq | toYaml -}}
{{- end -}}
