{{/*
Which nodes the pods run on.
*/}}

{{/*
What server and migration have in common, and an affinity, as fields of a pod, or nothing.
Usage: {{ with include "spicedb.scheduling" (list . .Values.affinity) }}
*/}}
{{- define "spicedb.scheduling" -}}
{{- $fields := pick (index . 0).Values "priorityClassName" "nodeSelector" "tolerations" -}}
{{- $_ := set $fields "affinity" (index . 1) -}}
{{- $set := dict -}}
{{- range $name, $value := $fields -}}
{{- if $value -}}{{- $_ := set $set $name $value -}}{{- end -}}
{{- end -}}
{{- if $set -}}{{- toYaml $set -}}{{- end -}}
{{- end -}}

{{/*
The affinity of the server's pods as a JSON object: the user's, with the preset that keeps them off each other's nodes.
Usage: {{ include "spicedb.scheduling.serverAffinity" . | fromJson }}
*/}}
{{- define "spicedb.scheduling.serverAffinity" -}}
{{- $affinity := .Values.affinity -}}
{{- $labels := include "spicedb.selectorLabels" (list . "server") | fromYaml -}}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" $labels) -}}
{{- if eq .Values.podAntiAffinity "soft" -}}
{{- $preferred := list (dict "weight" 100 "podAffinityTerm" $term) -}}
{{- $affinity = merge (dict "podAntiAffinity" (dict "preferredDuringSchedulingIgnoredDuringExecution" $preferred)) $affinity -}}
{{- else if eq .Values.podAntiAffinity "hard" -}}
{{- $affinity = merge (dict "podAntiAffinity" (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term))) $affinity -}}
{{- end -}}
{{- toJson $affinity -}}
{{- end -}}

{{/*
How the server's pods spread over zones and nodes, or nothing. matchLabelKeys counts the pods of one rollout only, or
the old pods would decide where new ones go; the two kinds of workload have a label of their own for that.
Usage: {{ include "spicedb.topologySpreadConstraints" . }}
*/}}
{{- define "spicedb.topologySpreadConstraints" -}}
{{- $root := . -}}
{{- $spread := .Values.topologySpread -}}
{{- range list (list "topology.kubernetes.io/zone" $spread.zone) (list "kubernetes.io/hostname" $spread.host) }}
{{- if ne (index . 1) "disabled" }}
- maxSkew: 1
  topologyKey: {{ index . 0 }}
  whenUnsatisfiable: {{ index . 1 }}
  labelSelector:
    matchLabels:
      {{- include "spicedb.selectorLabels" (list $root "server") | nindent 6 }}
  matchLabelKeys:
    - {{ ternary "controller-revision-hash" "pod-template-hash" (eq $root.Values.deployment.kind "StatefulSet") }}
{{- end }}
{{- end }}
{{- end -}}
