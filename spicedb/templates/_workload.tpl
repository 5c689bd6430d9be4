{{/*
What runs the server's pods: a Deployment or a StatefulSet.
*/}}

{{/*
The name of the workload. Pods of a StatefulSet have it in a label of 63 characters, with 11 more.
Usage: {{ include "spicedb.workload.name" . }}
*/}}
{{- define "spicedb.workload.name" -}}
{{- $room := ternary 52 63 (eq .Values.deployment.kind "StatefulSet") -}}
{{- regexReplaceAll "-+$" (include "spicedb.fullname" . | trunc $room) "" -}}
{{- end -}}

{{/*
The workload, as autoscalers name it.
Usage: {{ include "spicedb.workload.reference" . | nindent 4 }}
*/}}
{{- define "spicedb.workload.reference" -}}
apiVersion: apps/v1
kind: {{ .Values.deployment.kind }}
name: {{ include "spicedb.workload.name" . | quote }}
{{- end -}}

{{/*
The workload's metadata.
Usage: {{ include "spicedb.workload.metadata" . | nindent 2 }}
*/}}
{{- define "spicedb.workload.metadata" -}}
name: {{ include "spicedb.workload.name" . | quote }}
namespace: {{ include "spicedb.namespace" . | quote }}
labels:
  {{- include "spicedb.labels" (list . "server") | nindent 2 }}
{{- with .Values.deployment.annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
What the specs of both kinds have in common: the number of pods, unless an autoscaler sets it, their selector and template.
Usage: {{ include "spicedb.workload.spec" . | nindent 2 }}
*/}}
{{- define "spicedb.workload.spec" -}}
{{- if not .Values.autoscaling.enabled -}}
replicas: {{ int .Values.config.replicas }}
{{ end -}}
revisionHistoryLimit: {{ int .Values.deployment.revisionHistoryLimit }}
{{- with int .Values.deployment.minReadySeconds }}
minReadySeconds: {{ . }}
{{- end }}
selector:
  matchLabels:
    {{- include "spicedb.selectorLabels" (list . "server") | nindent 4 }}
template:
  {{- include "spicedb.server.podTemplate" . | nindent 2 }}
{{- end -}}
