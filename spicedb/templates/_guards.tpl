{{/*
The interpreter of constraints.yaml, whose head explains the language.
*/}}

{{/*
The constraints that the values break, as a JSON list of objects with id and message.
Usage: {{ include "spicedb.guards.broken" . | fromJsonArray }}
*/}}
{{- define "spicedb.guards.broken" -}}
{{- $values := .Values -}}
{{- $constraints := (.Files.Get "constraints.yaml" | fromYaml).constraints -}}
{{- if not $constraints -}}
{{- fail "constraints.yaml holds no constraints: without them nothing would be refused" -}}
{{- end -}}
{{- $broken := list -}}
{{- range $constraints -}}
{{- if include "spicedb.guards.all" (list $values .when) -}}
{{- if not (include "spicedb.guards.all" (list $values .require)) -}}
{{- $broken = append $broken (pick . "id" "message") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $broken -}}
{{- end -}}

{{/*
Whether all conditions match, a map from dotted path to matcher: "true" or "". No conditions always match.
Usage: {{ if include "spicedb.guards.all" (list .Values (dict "config.replicas" (dict "max" 1))) }}
*/}}
{{- define "spicedb.guards.all" -}}
{{- $values := index . 0 -}}
{{- $all := "true" -}}
{{- range $path, $matcher := index . 1 -}}
{{- $value := $values -}}
{{- range splitList "." $path -}}
{{- if kindIs "map" $value -}}{{- $value = index $value . -}}{{- else -}}{{- $value = index (dict) . -}}{{- end -}}
{{- end -}}
{{- if not (include "spicedb.guards.matches" (list $value $matcher)) -}}{{- $all = "" -}}{{- break -}}{{- end -}}
{{- end -}}
{{- $all -}}
{{- end -}}

{{/*
Whether a value matches one matcher, a map with one key: "true" or "".
Usage: {{ if include "spicedb.guards.matches" (list .Values.config.replicas (dict "max" 1)) }}
*/}}
{{- define "spicedb.guards.matches" -}}
{{- $value := index . 0 -}}
{{- $isNumber := has (kindOf $value) (list "int" "int64" "float64") -}}
{{- $isUnset := has (toJson $value) (list "null" "\"\"" "[]" "{}") -}}
{{- range $kind, $operand := index . 1 -}}
{{- $matches := false -}}
{{- if eq $kind "equals" -}}{{- $matches = eq (toJson $value) (toJson $operand) -}}
{{- else if eq $kind "oneOf" -}}{{- range $operand -}}{{- $matches = or $matches (eq (toJson $value) (toJson .)) -}}{{- end -}}
{{- else if eq $kind "set" -}}{{- $matches = not $isUnset -}}
{{- else if eq $kind "absent" -}}{{- $matches = $isUnset -}}
{{- else if eq $kind "min" -}}{{- $matches = and $isNumber (ge (float64 $value) (float64 $operand)) -}}
{{- else if eq $kind "max" -}}{{- $matches = and $isNumber (le (float64 $value) (float64 $operand)) -}}
{{- else if eq $kind "pattern" -}}{{- $matches = and (kindIs "string" $value) (mustRegexMatch $operand $value) -}}
{{- else if eq $kind "not" -}}{{- $matches = not (include "spicedb.guards.matches" (list $value $operand)) -}}
{{- else -}}{{- fail (printf "constraints.yaml: unknown matcher %q" $kind) -}}
{{- end -}}
{{- if $matches -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/*
Refuses the values, naming every broken constraint; does nothing for an empty list.
Usage: {{ include "spicedb.guards.refuse" (list (dict "id" "memory-runs-one-replica" "message" "Set …")) }}
*/}}
{{- define "spicedb.guards.refuse" -}}
{{- with . -}}
{{- $refusal := printf "refused by %d %s:" (len .) (ternary "constraint" "constraints" (eq (len .) 1)) -}}
{{- range . -}}
{{- $refusal = printf "%s\n\n  [%s] %s" $refusal .id .message -}}
{{- end -}}
{{- fail $refusal -}}
{{- end -}}
{{- end -}}

{{/*
Refuses the values for a reason that constraints.yaml cannot express, in the same form.
Usage: {{ include "spicedb.refuse" (list "name-starts-with-a-letter" "Set fullnameOverride …") }}
*/}}
{{- define "spicedb.refuse" -}}
{{- include "spicedb.guards.refuse" (list (dict "id" (index . 0) "message" (index . 1))) -}}
{{- end -}}
