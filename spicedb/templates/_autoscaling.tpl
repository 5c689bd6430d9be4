{{/*
Autoscaling of the server.
*/}}

{{/*
What the number of pods follows, as a YAML list: CPU, memory and what the user adds.
Usage: {{ include "spicedb.autoscaling.metrics" . | nindent 4 }}
*/}}
{{- define "spicedb.autoscaling.metrics" -}}
{{- $autoscaling := .Values.autoscaling -}}
{{- $metrics := list -}}
{{- range list (list "cpu" $autoscaling.targetCPUUtilizationPercentage) (list "memory" $autoscaling.targetMemoryUtilizationPercentage) -}}
{{- if not (kindIs "invalid" (index . 1)) -}}
{{- $target := dict "type" "Utilization" "averageUtilization" (int (index . 1)) -}}
{{- $metrics = append $metrics (dict "type" "Resource" "resource" (dict "name" (index . 0) "target" $target)) -}}
{{- end -}}
{{- end -}}
{{- concat $metrics $autoscaling.metrics | toYaml -}}
{{- end -}}

{{/*
The same for KEDA, as a YAML list of triggers.
Usage: {{ include "spicedb.autoscaling.triggers" . | nindent 4 }}
*/}}
{{- define "spicedb.autoscaling.triggers" -}}
{{- $autoscaling := .Values.autoscaling -}}
{{- $triggers := list -}}
{{- range list (list "cpu" $autoscaling.targetCPUUtilizationPercentage) (list "memory" $autoscaling.targetMemoryUtilizationPercentage) -}}
{{- if not (kindIs "invalid" (index . 1)) -}}
{{- $metadata := dict "value" (int (index . 1) | toString) -}}
{{- $triggers = append $triggers (dict "type" (index . 0) "metricType" "Utilization" "metadata" $metadata) -}}
{{- end -}}
{{- end -}}
{{- concat $triggers $autoscaling.triggers | toYaml -}}
{{- end -}}
