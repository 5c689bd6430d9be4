{{/*
What versions.yaml says of the version of SpiceDB that the image's tag names. It is read only where something depends on it:
reading it takes longer than the rest of a small chart.
*/}}

{{/*
Where the image's version stands in versions.yaml, as a JSON object: version (empty where the tag names none), known (the
version whose settings it has: a patch release that is not listed has those of its minor release; empty where it is not known
at all), withdrawn.
Usage: {{ $image := include "spicedb.versions.image" (list . (.Files.Get "versions.yaml" | fromYaml)) | fromJson }}
*/}}
{{- define "spicedb.versions.image" -}}
{{- $versions := index . 1 -}}
{{- $tag := include "spicedb.imageTag" (index . 0) -}}
{{- $number := regexFind "^v?[0-9]+[.][0-9]+[.][0-9]+(-debug)?$" $tag | trimPrefix "v" | trimSuffix "-debug" -}}
{{- $version := ternary "" (printf "v%s" $number) (eq $number "") -}}
{{- $minor := regexReplaceAll "[0-9]+$" $version "0" -}}
{{- $known := ternary $version (ternary $minor "" (has $minor $versions.versions)) (has $version $versions.versions) -}}
{{- dict "version" $version "known" $known "withdrawn" (has $version $versions.withdrawn) | toJson -}}
{{- end -}}

{{/*
The names of all settings of SpiceDB that the values come to, as a JSON list: variables and arguments of server and migration,
those that the user adds included.
Usage: {{ include "spicedb.versions.settings" . | fromJsonArray }}
*/}}
{{- define "spicedb.versions.settings" -}}
{{- $migrations := .Values.config.migrations -}}
{{- $names := include "spicedb.additions.names" (include "spicedb.serverEnv" . | fromYamlArray) | fromJsonArray -}}
{{- if include "spicedb.migration.enabled" . -}}
{{- $names = concat $names (include "spicedb.additions.names" (include "spicedb.migrationEnv" . | fromYamlArray) | fromJsonArray) -}}
{{- end -}}
{{- range print (include "spicedb.datastore.serverArgs" .) (include "spicedb.dispatch.serverArgs" .) | fromYamlArray -}}
{{- $flag := regexFind "^--[a-z-]+" . | trimPrefix "--" -}}
{{- $names = append $names (printf "SPICEDB_%s" (upper $flag | replace "-" "_")) -}}
{{- end -}}
{{- range include "spicedb.additions.flags" . | fromJsonArray -}}
{{- $names = append $names .setting -}}
{{- end -}}
{{- $names = concat $names (include "spicedb.additions.names" .Values.extraEnv | fromJsonArray) (include "spicedb.additions.names" $migrations.extraEnv | fromJsonArray) -}}
{{- $settings := list -}}
{{- range $names | uniq | sortAlpha -}}
{{- if hasPrefix "SPICEDB_" . -}}{{- $settings = append $settings . -}}{{- end -}}
{{- end -}}
{{- toJson $settings -}}
{{- end -}}

{{/*
The settings that the image's version does not have, as a JSON list of one object with id and message, or an empty one. The
chart's own version has all that the chart sets itself, so that nothing is looked up where the user adds nothing.
Usage: {{ include "spicedb.versions.broken" . | fromJsonArray }}
*/}}
{{- define "spicedb.versions.broken" -}}
{{- $broken := list -}}
{{- $added := or .Values.config.customFlags .Values.extraEnv .Values.config.migrations.extraEnv -}}
{{- if or $added (ne (include "spicedb.imageTag" .) .Chart.AppVersion) -}}
{{- $versions := .Files.Get "versions.yaml" | fromYaml -}}
{{- $image := include "spicedb.versions.image" (list . $versions) | fromJson -}}
{{- if $image.known -}}
{{- $order := dict -}}
{{- range $index, $version := $versions.versions -}}{{- $_ := set $order $version $index -}}{{- end -}}
{{- $at := get $order $image.known -}}
{{- $missing := list -}}
{{- range $name := include "spicedb.versions.settings" . | fromJsonArray -}}
{{- $has := false -}}
{{- $spans := get $versions.settings $name | default list -}}
{{- $elsewhere := list -}}
{{- range $spans -}}
{{- $until := .until | default (last $versions.versions) -}}
{{- $has = or $has (and (le (get $order .since) $at) (ge (get $order $until) $at)) -}}
{{- $elsewhere = append $elsewhere (ternary (printf "from %s to %s" .since $until) (printf "since %s" .since) (hasKey . "until")) -}}
{{- end -}}
{{- if not $has -}}
{{- $missing = append $missing (printf "%s (which SpiceDB has %s)" $name (join " and " $elsewhere | default "in no version that this chart knows")) -}}
{{- end -}}
{{- end -}}
{{- with $missing -}}
{{- $broken = append $broken (dict "id" "settings-exist-in-the-version" "message" (printf "SpiceDB %s, which image.tag names, does not know %s: set image.tag to a version that has it, or remove what sets it." $image.version (join ", " .))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $broken -}}
{{- end -}}

{{/*
What there is to warn of about the image's version, as a JSON list of sentences; production refuses what they warn of.
Usage: {{ include "spicedb.versions.warnings" . | fromJsonArray }}
*/}}
{{- define "spicedb.versions.warnings" -}}
{{- $warnings := list -}}
{{- if ne (include "spicedb.imageTag" .) .Chart.AppVersion -}}
{{- $versions := .Files.Get "versions.yaml" | fromYaml -}}
{{- $image := include "spicedb.versions.image" (list . $versions) | fromJson -}}
{{- if $image.withdrawn -}}
{{- $warnings = append $warnings (printf "SpiceDB's authors have withdrawn %s. Set image.tag to another version." $image.version) -}}
{{- else if not $image.known -}}
{{- $warnings = append $warnings (printf "The settings of SpiceDB %s are not known, only those of %s to %s: SpiceDB ignores what it does not know, without a word." (include "spicedb.imageTag" .) (first $versions.versions) (last $versions.versions)) -}}
{{- end -}}
{{- end -}}
{{- toJson $warnings -}}
{{- end -}}
