{{/*
Dispatch between the pods, which find each other through the endpoints of the headless Service.
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
The mount of the ServiceAccount's token, where SpiceDB looks for it, or nothing.
Usage: {{ include "spicedb.dispatch.volumeMounts" . }}
*/}}
{{- define "spicedb.dispatch.volumeMounts" -}}
{{- if .Values.config.dispatch.enabled }}
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
{{- if .Values.config.dispatch.enabled }}
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
