{{/*
Names and labels.
*/}}

{{/*
The chart's name, as in the label app.kubernetes.io/name.
Usage: {{ include "spicedb.name" . }}
*/}}
{{- define "spicedb.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
The base of all names. A release name may hold dots, the name of a Service may not.
Usage: {{ include "spicedb.fullname" . }}
*/}}
{{- define "spicedb.fullname" -}}
{{- $name := include "spicedb.name" . -}}
{{- $release := replace "." "-" .Release.Name -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name $release -}}
{{- $release | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" $release $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/*
The base of all names with a suffix, 63 characters at most: the base is cut, never the suffix.
Usage: {{ include "spicedb.componentName" (list . "-headless") }}
*/}}
{{- define "spicedb.componentName" -}}
{{- $suffix := index . 1 -}}
{{- $room := int (sub 63 (len $suffix)) -}}
{{- if lt $room 1 -}}
{{- fail (printf "spicedb.componentName: the suffix %q leaves no room for a name" $suffix) -}}
{{- end -}}
{{- $base := include "spicedb.fullname" (index . 0) | trunc $room -}}
{{- printf "%s%s" (regexReplaceAll "-+$" $base "") $suffix -}}
{{- end -}}

{{/*
The namespace of every object.
Usage: {{ include "spicedb.namespace" . }}
*/}}
{{- define "spicedb.namespace" -}}
{{- .Release.Namespace -}}
{{- end -}}

{{/*
The name of the server's ServiceAccount.
Usage: {{ include "spicedb.serviceAccountName" . }}
*/}}
{{- define "spicedb.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "spicedb.fullname" .) -}}
{{- end -}}

{{/*
The labels that select the pods of one component; never changed, because a Deployment's selector cannot change.
Usage: {{ include "spicedb.selectorLabels" (list . "server") }}
*/}}
{{- define "spicedb.selectorLabels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "spicedb.name" $root | quote }}
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/*
The chart's own labels, of one component's pods and objects alike.
Usage: {{ include "spicedb.standardLabels" (list . "server") }}
*/}}
{{- define "spicedb.standardLabels" -}}
{{- $root := index . 0 -}}
{{ include "spicedb.selectorLabels" . }}
app.kubernetes.io/version: {{ include "spicedb.version" $root | quote }}
app.kubernetes.io/part-of: spicedb
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- end -}}

{{/*
The labels of one component's pods. Without the chart's version, so that a new chart that changes nothing else restarts no pod.
Usage: {{ include "spicedb.podLabels" (list . "server") }}
*/}}
{{- define "spicedb.podLabels" -}}
{{- $values := (index . 0).Values -}}
{{- $own := get (dict "server" $values.podLabels "migration" $values.config.migrations.podLabels) (index . 1) | default dict -}}
{{ include "spicedb.standardLabels" . }}
{{- with merge dict $own $values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
The labels of one component's objects.
Usage: {{ include "spicedb.labels" (list . "server") }}
*/}}
{{- define "spicedb.labels" -}}
{{- $chart := (index . 0).Chart -}}
{{ include "spicedb.standardLabels" . }}
{{- with (index . 0).Values.commonLabels }}
{{ toYaml . }}
{{- end }}
helm.sh/chart: {{ printf "%s-%s" $chart.Name $chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/*
The labels of one component's objects and the user's own, which replace none of the chart's.
Usage: {{ include "spicedb.labelsWith" (list . "server" .Values.service.labels) }}
*/}}
{{- define "spicedb.labelsWith" -}}
{{- merge (include "spicedb.labels" . | fromYaml) (index . 2) | toYaml -}}
{{- end -}}

{{/*
The version of SpiceDB that runs, in the form of a label's value.
Usage: {{ include "spicedb.version" . }}
*/}}
{{- define "spicedb.version" -}}
{{- include "spicedb.imageTag" . | trunc 63 | trimAll "_.-" -}}
{{- end -}}

{{/*
A number of pods, or a percentage of them, which is a text.
Usage: {{ include "spicedb.countOrPercentage" .Values.podDisruptionBudget.maxUnavailable }}
*/}}
{{- define "spicedb.countOrPercentage" -}}
{{- if kindIs "string" . }}{{ quote . }}{{ else }}{{ int . }}{{ end -}}
{{- end -}}
