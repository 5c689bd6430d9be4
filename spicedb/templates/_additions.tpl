{{/*
What the user adds to the chart's objects.
*/}}

{{/*
A map with some fields replaced, as a JSON object: maps field by field, null removes one.
Usage: {{ include "spicedb.overridden" (list (dict "runAsUser" 65532) .Values.podSecurityContext) | fromJson }}
*/}}
{{- define "spicedb.overridden" -}}
{{- $result := deepCopy (index . 0) -}}
{{- range $key, $value := index . 1 -}}
{{- $before := get $result $key -}}
{{- if kindIs "invalid" $value -}}
{{- $_ := unset $result $key -}}
{{- else if and (kindIs "map" $value) (kindIs "map" $before) -}}
{{- $_ := set $result $key (include "spicedb.overridden" (list $before $value) | fromJson) -}}
{{- else -}}
{{- $_ := set $result $key $value -}}
{{- end -}}
{{- end -}}
{{- toJson $result -}}
{{- end -}}

{{/*
Containers of the user's, as a YAML list, each with the hardened security context where it does not say otherwise.
Usage: {{ include "spicedb.additions.containers" .Values.extraContainers }}
*/}}
{{- define "spicedb.additions.containers" -}}
{{- $hardened := include "spicedb.hardenedContainer" . | fromYaml -}}
{{- $containers := list -}}
{{- range . -}}
{{- $context := include "spicedb.overridden" (list $hardened (.securityContext | default dict)) | fromJson -}}
{{- $containers = append $containers (set (deepCopy .) "securityContext" $context) -}}
{{- end -}}
{{- toYaml $containers -}}
{{- end -}}

{{/*
The entries of a list, to follow those of the chart, or nothing.
Usage: {{ include "spicedb.additions.entries" .Values.extraVolumes }}
*/}}
{{- define "spicedb.additions.entries" -}}
{{- with . }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
The flags of config.customFlags as a JSON list of {name, setting, values}: the flag's name, the environment variable that sets
the same, and the values as texts.
Usage: {{ range include "spicedb.additions.flags" . | fromJsonArray }}
*/}}
{{- define "spicedb.additions.flags" -}}
{{- $flags := list -}}
{{- range $key, $value := .Values.config.customFlags -}}
{{- $name := trimPrefix "spicedb-" (lower $key | replace "_" "-") -}}
{{- $setting := printf "SPICEDB_%s" (upper $name | replace "-" "_") -}}
{{- $values := list -}}
{{- range kindIs "slice" $value | ternary $value (list $value) -}}
{{- /* Helm reads numbers as floats and would write large ones with an exponent. */}}
{{- if kindIs "float64" . -}}{{- $values = append $values (printf "%.0f" .) -}}
{{- else -}}{{- $values = append $values (toString .) -}}{{- end -}}
{{- end -}}
{{- $flags = append $flags (dict "name" $name "setting" $setting "values" $values) -}}
{{- end -}}
{{- toJson $flags -}}
{{- end -}}

{{/*
The same as arguments of the server, or nothing. Arguments and not environment variables: SpiceDB ignores a variable that it
does not know or cannot read, but does not start with such an argument, so that a mistake ends the rollout.
Usage: {{ with include "spicedb.additions.arguments" . }}
*/}}
{{- define "spicedb.additions.arguments" -}}
{{- $arguments := list -}}
{{- range include "spicedb.additions.flags" . | fromJsonArray -}}
{{- $name := .name -}}
{{- range .values -}}
{{- $arguments = append $arguments (printf "--%s=%s" $name .) -}}
{{- end -}}
{{- end -}}
{{- if $arguments }}{{ toYaml $arguments }}{{ end -}}
{{- end -}}

{{/*
An object of the user's with the chart's labels, which its own go before.
Usage: {{ include "spicedb.additions.object" (list . $object) }}
*/}}
{{- define "spicedb.additions.object" -}}
{{- $root := index . 0 -}}
{{- $object := deepCopy (index . 1) -}}
{{- $labels := include "spicedb.labels" (list $root "addition") | fromYaml -}}
{{- $_ := set $object.metadata "labels" (merge dict ($object.metadata.labels | default dict) $labels) -}}
{{- $text := toYaml $object -}}
{{- /* Templates are slow, and few objects are any. */}}
{{- if contains "{{" $text }}{{ tpl $text $root }}{{ else }}{{ $text }}{{ end -}}
{{- end -}}
