{{/*
What production refuses of what the user adds, where constraints.yaml cannot see it.
*/}}

{{/*
Security contexts, volumes and images that are weaker than the chart's own, as a JSON list of objects with id and message.
Usage: {{ include "spicedb.additions.brokenHardening" . | fromJsonArray }}
*/}}
{{- define "spicedb.additions.brokenHardening" -}}
{{- $broken := list -}}
{{- $pod := include "spicedb.podSecurityContext" . | fromYaml -}}
{{- $contexts := list -}}
{{- if or .Values.podSecurityContext .Values.securityContext -}}
{{- $contexts = append $contexts (list "podSecurityContext or securityContext" (include "spicedb.containerSecurityContext" . | fromYaml)) -}}
{{- end -}}
{{- range include "spicedb.additions.containers" (concat .Values.initContainers .Values.extraContainers) | fromYamlArray -}}
{{- $contexts = append $contexts (list (printf "the added container %q" .name) .securityContext) -}}
{{- $image := splitList "@" .image -}}
{{- $tagged := regexMatch ":[A-Za-z0-9_][A-Za-z0-9_.-]*$" (first $image) -}}
{{- if or (hasSuffix ":latest" (first $image)) (not (or $tagged (rest $image))) -}}
{{- $broken = append $broken (dict "id" "production-image-tags" "message" (printf "Production needs images that stay the same: give the added container %q an image with a tag other than latest, or with a digest." .name)) -}}
{{- end -}}
{{- end -}}
{{- range $contexts -}}
{{- $where := index . 0 -}}
{{- with include "spicedb.additions.weaknesses" (list $pod (index . 1)) | fromJsonArray -}}
{{- $broken = append $broken (dict "id" "production-security-context" "message" (printf "Production needs containers that may do no more than the chart's own, but with %s %s: take that back." $where (join ", " .))) -}}
{{- end -}}
{{- end -}}
{{- $allowed := list "name" "configMap" "csi" "downwardAPI" "emptyDir" "ephemeral" "persistentVolumeClaim" "projected" "secret" -}}
{{- range concat .Values.extraVolumes .Values.config.migrations.extraVolumes -}}
{{- $name := .name -}}
{{- range keys . | sortAlpha -}}
{{- if not (has . $allowed) -}}
{{- $broken = append $broken (dict "id" "production-volumes" "message" (printf "Production needs volumes of the cluster, not of the node, but the added volume %q is of type %s: use a claim, a Secret, a ConfigMap, an emptyDir, a projected volume or one of a CSI driver." $name .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $broken -}}
{{- end -}}

{{/*
What a pod's and a container's security context leave weaker than Pod Security's level restricted and a read-only root
filesystem, as a JSON list of phrases.
Usage: {{ include "spicedb.additions.weaknesses" (list $podContext $containerContext) | fromJsonArray }}
*/}}
{{- define "spicedb.additions.weaknesses" -}}
{{- $pod := index . 0 -}}
{{- $container := index . 1 -}}
{{- $effective := include "spicedb.overridden" (list $pod $container) | fromJson -}}
{{- $weak := list -}}
{{- range $field, $wanted := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "runAsNonRoot" true -}}
{{- if ne (index $effective $field | toJson) (toJson $wanted) -}}{{- $weak = append $weak (printf "%s is not %t" $field $wanted) -}}{{- end -}}
{{- end -}}
{{- if eq (index $container "privileged" | toJson) "true" -}}{{- $weak = append $weak "privileged is true" -}}{{- end -}}
{{- if eq (index $pod "runAsNonRoot" | toJson) "false" -}}{{- $weak = append $weak "the pod's runAsNonRoot is false" -}}{{- end -}}
{{- if not (dig "seccompProfile" "type" "" $effective) -}}{{- $weak = append $weak "there is no seccompProfile" -}}{{- end -}}
{{- range list $pod $container -}}
{{- if eq (index . "runAsUser" | toJson) "0" -}}{{- $weak = append $weak "runAsUser is 0" -}}{{- end -}}
{{- if eq (dig "seccompProfile" "type" "" .) "Unconfined" -}}{{- $weak = append $weak "seccompProfile is Unconfined" -}}{{- end -}}
{{- if eq (dig "appArmorProfile" "type" "" .) "Unconfined" -}}{{- $weak = append $weak "appArmorProfile is Unconfined" -}}{{- end -}}
{{- end -}}
{{- if not (has "ALL" (dig "capabilities" "drop" list $container)) -}}{{- $weak = append $weak "not all capabilities are dropped" -}}{{- end -}}
{{- if dig "capabilities" "add" list $container -}}{{- $weak = append $weak "capabilities are added" -}}{{- end -}}
{{- if ne (dig "procMount" "Default" $container) "Default" -}}{{- $weak = append $weak "procMount is not Default" -}}{{- end -}}
{{- uniq $weak | toJson -}}
{{- end -}}

{{/*
Secrets written down in plain, as a JSON list of objects with id and message.
Usage: {{ include "spicedb.additions.brokenSecrets" . | fromJsonArray }}
*/}}
{{- define "spicedb.additions.brokenSecrets" -}}
{{- $found := list -}}
{{- $variables := list (list "extraEnv" .Values.extraEnv) (list "config.migrations.extraEnv" .Values.config.migrations.extraEnv) -}}
{{- range concat .Values.initContainers .Values.extraContainers -}}
{{- $variables = append $variables (list (printf "the added container %q" .name) (.env | default list)) -}}
{{- end -}}
{{- range $variables -}}
{{- $where := index . 0 -}}
{{- range index . 1 -}}
{{- if and .value (include "spicedb.additions.isSecret" (list .name .value)) -}}
{{- $found = append $found (printf "%s of %s" .name $where) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range include "spicedb.additions.flags" . | fromJsonArray -}}
{{- $name := .name -}}
{{- range .values -}}
{{- if include "spicedb.additions.isSecret" (list $name .) -}}
{{- $found = append $found (printf "%s of config.customFlags" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range .Values.extraObjects -}}
{{- if eq .kind "Secret" -}}
{{- $found = append $found (printf "the Secret %q of extraObjects" .metadata.name) -}}
{{- end -}}
{{- end -}}
{{- $broken := list -}}
{{- range $found -}}
{{- $broken = append $broken (dict "id" "production-additions-hold-no-secrets" "message" (printf "Production needs secrets outside of values, and %s looks like one: put it into a Secret that you make and take it with valueFrom.secretKeyRef; a flag can take such a variable as $(NAME)." .)) -}}
{{- end -}}
{{- toJson $broken -}}
{{- end -}}

{{/*
Whether a name and a value look like a secret in plain: "true" or "". Names of files, modes and the like only speak about one.
Usage: {{ if include "spicedb.additions.isSecret" (list "API_TOKEN" "abc") }}
*/}}
{{- define "spicedb.additions.isSecret" -}}
{{- $name := index . 0 | lower | replace "_" "-" -}}
{{- $value := index . 1 -}}
{{- $named := regexMatch "password|passwd|passphrase|token|secret|(preshared|private|access|api)-?key|(conn|datastore|database)-?ur[il]" $name -}}
{{- $about := regexMatch "-(file|files|path|dir|name|id|mode|behavior|enabled|type|ttl|timeout|interval|duration|expiration|size|limit|count)$" $name -}}
{{- $reference := regexMatch `^\$\([A-Za-z_][A-Za-z0-9_]*\)$` $value -}}
{{- if or (and $named (not $about) (not $reference)) (regexMatch `://[^/\s:@]*:[^\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----` $value) -}}
true
{{- end -}}
{{- end -}}
