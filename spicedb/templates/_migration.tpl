{{/*
The migration, a Job with a ServiceAccount and a NetworkPolicy of its own.
*/}}

{{/*
Whether there is a migration: "true" or "".
Usage: {{ if include "spicedb.migration.enabled" . }}
*/}}
{{- define "spicedb.migration.enabled" -}}
{{- if and .Values.config.migrations.enabled (ne .Values.config.datastoreEngine "memory") -}}
true
{{- end -}}
{{- end -}}

{{/*
The name of the migration's NetworkPolicy, and of its Job in hook mode.
Usage: {{ include "spicedb.migration.name" . }}
*/}}
{{- define "spicedb.migration.name" -}}
{{- include "spicedb.componentName" (list . "-migration") -}}
{{- end -}}

{{/*
The name of the migration's ServiceAccount.
Usage: {{ include "spicedb.migration.serviceAccountName" . }}
*/}}
{{- define "spicedb.migration.serviceAccountName" -}}
{{- .Values.config.migrations.serviceAccount.name | default (include "spicedb.migration.name" .) -}}
{{- end -}}

{{/*
The name of the Job. Outside hook mode it carries a hash of the Job's whole spec: nearly all of a Job is immutable, so
whatever changes makes a new Job.
Usage: {{ include "spicedb.migration.jobName" . }}
*/}}
{{- define "spicedb.migration.jobName" -}}
{{- if eq .Values.config.migrations.mode "hook" -}}
{{- include "spicedb.migration.name" . -}}
{{- else -}}
{{- $hash := include "spicedb.migration.jobSpec" . | sha256sum | trunc 8 -}}
{{- include "spicedb.componentName" (list . (printf "-migration-%s" $hash)) -}}
{{- end -}}
{{- end -}}

{{/*
The annotations that make an object of the migration a hook, or nothing outside hook mode. Objects that the Job needs have
the lower weight, and go when the hook succeeded; the Job stays, to be looked at.
Usage: {{ with include "spicedb.migration.hookAnnotations" (list . "-10" "before-hook-creation,hook-succeeded") }}
*/}}
{{- define "spicedb.migration.hookAnnotations" -}}
{{- if eq (index . 0).Values.config.migrations.mode "hook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ index . 1 | quote }}
helm.sh/hook-delete-policy: {{ index . 2 }}
{{- end -}}
{{- end -}}

{{/*
The chart's own volumes of the migration's pods, or nothing.
Usage: {{ include "spicedb.migration.volumes" . }}
*/}}
{{- define "spicedb.migration.volumes" -}}
{{- print (include "spicedb.secretFile.volumes" (list . "migration")) (include "spicedb.datastore.volumes" .) (include "spicedb.podMetadata.volumes" .) -}}
{{- end -}}

{{/*
The Job's spec. One pod at a time: migrations take no lock. So a pod that is being evicted must be gone before the
next one starts, which Kubernetes does for Jobs with a failure policy, and eviction counts as no try.
Usage: {{ include "spicedb.migration.jobSpec" . }}
*/}}
{{- define "spicedb.migration.jobSpec" -}}
{{- $migrations := .Values.config.migrations -}}
parallelism: 1
completions: 1
backoffLimit: {{ int $migrations.backoffLimit }}
{{- /* All tries, and five minutes to schedule the pods and pull the image. */}}
activeDeadlineSeconds: {{ add (mul (add (int $migrations.backoffLimit) 1) (int $migrations.timeoutSeconds)) 300 }}
{{- if not (kindIs "invalid" $migrations.ttlSecondsAfterFinished) }}
ttlSecondsAfterFinished: {{ int $migrations.ttlSecondsAfterFinished }}
{{- end }}
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
template:
  metadata:
    labels:
      {{- include "spicedb.podLabels" (list . "migration") | nindent 6 }}
    {{- with include "spicedb.podAnnotations" (list . $migrations.podAnnotations) }}
    annotations:
      {{- . | trim | nindent 6 }}
    {{- end }}
  spec:
    {{- with include "spicedb.imagePullSecrets" . }}
    {{- . | nindent 4 }}
    {{- end }}
    serviceAccountName: {{ include "spicedb.migration.serviceAccountName" . | quote }}
    automountServiceAccountToken: false
    enableServiceLinks: false
    restartPolicy: Never
    securityContext:
      {{- include "spicedb.podSecurityContext" . | nindent 6 }}
    {{- with include "spicedb.scheduling" (list . (pick .Values.affinity "nodeAffinity")) }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with include "spicedb.migration.check" . }}
    initContainers:
      {{- . | nindent 6 }}
    {{- end }}
    containers:
      {{- include "spicedb.migration.container" (list . "migrate" $migrations.targetMigration) | nindent 6 }}
    {{- with print (include "spicedb.migration.volumes" .) (include "spicedb.additions.entries" $migrations.extraVolumes) }}
    volumes:
      {{- . | trim | nindent 6 }}
    {{- end }}
{{- end -}}

{{/*
A container that migrates the datastore to a migration, as a list of one.
Usage: {{ include "spicedb.migration.container" (list . "migrate" "head") }}
*/}}
{{- define "spicedb.migration.container" -}}
{{- $root := index . 0 -}}
{{- $migrations := $root.Values.config.migrations -}}
- name: {{ index . 1 }}
  image: {{ include "spicedb.image" $root | quote }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  {{- with include "spicedb.secretFile.workingDir" (list $root "migration") | trim }}
  {{ . }}
  {{- end }}
  args:
    - datastore
    - migrate
    - {{ index . 2 | quote }}
  env:
    {{- include "spicedb.migrationEnv" $root | nindent 4 }}
    {{- with $migrations.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  terminationMessagePolicy: FallbackToLogsOnError
  resources:
    {{- include "spicedb.resources" $migrations.resources | nindent 4 }}
  securityContext:
    {{- include "spicedb.containerSecurityContext" $root | nindent 4 }}
  {{- with print (include "spicedb.secretFile.volumeMounts" (list $root "migration")) (include "spicedb.datastore.volumeMounts" $root) (include "spicedb.podMetadata.volumeMounts" $root) (include "spicedb.additions.entries" $migrations.extraVolumeMounts) }}
  volumeMounts:
    {{- . | trim | nindent 4 }}
  {{- end }}
{{- end -}}

{{/*
The container that sees, before anything is changed, whether the datastore is where the version that runs now left it, as a list of
one; or nothing. SpiceDB cannot say where a datastore is. But it migrates forward only: to the migration where the datastore is
already it does nothing, and to an earlier one it fails.
Usage: {{ include "spicedb.migration.check" . }}
*/}}
{{- define "spicedb.migration.check" -}}
{{- if .Values.config.migrations.checkFromVersion -}}
{{- $name := printf "is-at-v%s" (.Values.config.migrations.fromVersion | trimPrefix "v" | replace "." "-") -}}
{{- include "spicedb.migration.container" (list . $name (include "spicedb.migration.fromHead" .)) -}}
{{- end -}}
{{- end -}}

{{/*
The last migration of config.migrations.fromVersion, or nothing where it is not known. A patch release that is not listed has that
of its minor release.
Usage: {{ include "spicedb.migration.fromHead" . }}
*/}}
{{- define "spicedb.migration.fromHead" -}}
{{- $known := .Files.Get "versions.yaml" | fromYaml -}}
{{- $from := printf "v%s" (trimPrefix "v" .Values.config.migrations.fromVersion) -}}
{{- $order := dict -}}
{{- range $index, $version := $known.versions -}}{{- $_ := set $order $version $index -}}{{- end -}}
{{- $at := dig $from (dig (regexReplaceAll "[0-9]+$" $from "0") -1 $order) $order -}}
{{- range get $known.heads .Values.config.datastoreEngine -}}
{{- $until := .until | default (last $known.versions) -}}
{{- if and (le (get $order .since) $at) (ge (get $order $until) $at) -}}{{ .head }}{{- end -}}
{{- end -}}
{{- end -}}
