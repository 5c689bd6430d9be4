{{/*
Dispatch between the pods, which find each other through the headless Service.
*/}}

{{/*
The name of the headless Service.
Usage: {{ include "spicedb.headlessName" . }}
*/}}
{{- define "spicedb.headlessName" -}}
{{- include "spicedb.componentName" (list . "-headless") -}}
{{- end -}}

{{/*
The name that dispatch connects to and that its certificate must be valid for, exactly so: <service>.<namespace>.
Usage: {{ include "spicedb.dispatch.serverName" . }}
*/}}
{{- define "spicedb.dispatch.serverName" -}}
{{- printf "%s.%s" (include "spicedb.headlessName" .) (include "spicedb.namespace" .) -}}
{{- end -}}

{{/*
Whether pods find each other by the Service's endpoints, which Kubernetes' API tells who has a token: "true" or "".
Usage: {{ if include "spicedb.dispatch.asksKubernetes" . }}
*/}}
{{- define "spicedb.dispatch.asksKubernetes" -}}
{{- with .Values.config.dispatch -}}
{{- if and .enabled (eq .discovery "kubernetes") }}true{{ end -}}
{{- end -}}
{{- end -}}

{{/*
Where dispatch finds the pods, as gRPC writes it. One name in both ways, so that one certificate does.
Usage: {{ include "spicedb.dispatch.address" . }}
*/}}
{{- define "spicedb.dispatch.address" -}}
{{- $name := include "spicedb.dispatch.serverName" . -}}
{{- if include "spicedb.dispatch.asksKubernetes" . }}kubernetes:///{{ $name }}:dispatch{{ else }}dns:///{{ $name }}:50053{{ end -}}
{{- end -}}

{{/*
Arguments of the server for SpiceDB of other clusters, or nothing. Quoted, because SpiceDB reads these flags as CSV.
Usage: {{ include "spicedb.dispatch.serverArgs" . | nindent 8 }}
*/}}
{{- define "spicedb.dispatch.serverArgs" -}}
{{- with .Values.config.dispatch.secondary -}}
{{- range $upstream := .upstreams }}
- --experimental-dispatch-secondary-upstream-addrs={{ $upstream.name }}=dns:///{{ $upstream.address }}
{{- with $upstream.maximumHedgingDelay }}
- --experimental-dispatch-secondary-maximum-primary-hedging-delays={{ $upstream.name }}={{ . }}
{{- end }}
{{- end }}
{{- range $requests, $expression := .expressions }}
- {{ printf "--experimental-dispatch-secondary-upstream-exprs=\"%s=%s\"" $requests $expression | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
The mount of the ServiceAccount's token, where SpiceDB looks for it, or nothing.
Usage: {{ include "spicedb.dispatch.volumeMounts" . }}
*/}}
{{- define "spicedb.dispatch.volumeMounts" -}}
{{- if include "spicedb.dispatch.asksKubernetes" . }}
- name: api-token
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
{{- end }}
{{- end -}}

{{/*
The volume with the ServiceAccount's token, or nothing. Projected by hand, because automounting would give a token to
every container of the pod, whether it needs one or not. SpiceDB reads a renewed token by itself.
Usage: {{ include "spicedb.dispatch.volumes" . }}
*/}}
{{- define "spicedb.dispatch.volumes" -}}
{{- if include "spicedb.dispatch.asksKubernetes" . }}
- name: api-token
  projected:
    {{- /* 288 is 0440; YAML 1.1 and 1.2 read octal numbers differently. */}}
    defaultMode: 288
    sources:
      - serviceAccountToken:
          path: token
          expirationSeconds: 3600
      - configMap:
          name: kube-root-ca.crt
          items:
            - key: ca.crt
              path: ca.crt
      - downwardAPI:
          items:
            - path: namespace
              fieldRef:
                apiVersion: v1
                fieldPath: metadata.namespace
{{- end }}
{{- end -}}
