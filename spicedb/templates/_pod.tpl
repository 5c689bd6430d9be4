{{/*
What the pods of server and migration are made of.
*/}}

{{/*
The image's tag.
Usage: {{ include "spicedb.imageTag" . }}
*/}}
{{- define "spicedb.imageTag" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end -}}

{{/*
The image, with its digest where one is given.
Usage: {{ include "spicedb.image" . }}
*/}}
{{- define "spicedb.image" -}}
{{- printf "%s:%s" .Values.image.repository (include "spicedb.imageTag" .) -}}
{{- with .Values.image.digest }}@{{ . }}{{ end -}}
{{- end -}}

{{/*
The pull secrets of a pod, or nothing.
Usage: {{ include "spicedb.imagePullSecrets" . }}
*/}}
{{- define "spicedb.imagePullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/*
The security context of a pod, with the user's changes.
Usage: {{ include "spicedb.podSecurityContext" . }}
*/}}
{{- define "spicedb.podSecurityContext" -}}
{{- include "spicedb.overridden" (list (include "spicedb.hardenedPod" . | fromYaml) .Values.podSecurityContext) | fromJson | toYaml -}}
{{- end -}}

{{/*
The security context of a container of the chart's, with the user's changes.
Usage: {{ include "spicedb.containerSecurityContext" . }}
*/}}
{{- define "spicedb.containerSecurityContext" -}}
{{- include "spicedb.overridden" (list (include "spicedb.hardenedContainer" . | fromYaml) .Values.securityContext) | fromJson | toYaml -}}
{{- end -}}

{{/*
The hardened security context of a pod. 65532 is the image's own user; fsGroup lets it read Secret volumes that are not
world-readable.
Usage: {{ include "spicedb.hardenedPod" . }}
*/}}
{{- define "spicedb.hardenedPod" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/*
The hardened security context of a container. SpiceDB writes no files.
Usage: {{ include "spicedb.hardenedContainer" . }}
*/}}
{{- define "spicedb.hardenedContainer" -}}
allowPrivilegeEscalation: false
capabilities:
  drop:
    - ALL
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/*
Requests and limits of a container, without those that are empty; the whole is {} where all are.
Usage: {{ include "spicedb.resources" .Values.resources }}
*/}}
{{- define "spicedb.resources" -}}
{{- $resources := dict -}}
{{- range $kind, $quantities := . -}}
  {{- $set := dict -}}
  {{- range $resource, $quantity := $quantities -}}
    {{- if ne (toString $quantity) "" -}}
      {{- $_ := set $set $resource (toString $quantity) -}}
    {{- end -}}
  {{- end -}}
  {{- if $set -}}
    {{- $_ := set $resources $kind $set -}}
  {{- end -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}

{{/*
A quantity as a plain number, to compare it with another.
Usage: {{ include "spicedb.quantity" "512Mi" | float64 }}
*/}}
{{- define "spicedb.quantity" -}}
{{- $number := regexFind "^[0-9.]+" . -}}
{{- $suffix := trimPrefix $number . -}}
{{- $factors := dict "" 1.0 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 -}}
{{- mulf (float64 $number) (get $factors $suffix) -}}
{{- end -}}

{{/*
A probe's command. An exec probe, because the kubelet's own gRPC probes cannot speak TLS. Both timeouts end before the
probe's own, so that a failure says which of the two it was.
Usage: {{ include "spicedb.probeCommand" . }}
*/}}
{{- define "spicedb.probeCommand" -}}
- grpc_health_probe
- -addr=127.0.0.1:50051
- -connect-timeout=2s
- -rpc-timeout=2s
{{- if include "spicedb.tls.serves" (list . "grpc") }}
- -tls
- -tls-no-verify
{{- end }}
{{- end -}}

{{/*
The delay before a stopping container gets its signal, or nothing when it is 0: SpiceDB closes its listeners at once,
while the cluster still sends requests.
Usage: {{ include "spicedb.lifecycle" . }}
*/}}
{{- define "spicedb.lifecycle" -}}
{{- $seconds := int .Values.config.shutdown.preStopSeconds -}}
{{- if gt $seconds 0 -}}
preStop:
{{- if semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version }}
  sleep:
    seconds: {{ $seconds }}
{{- else }}
  {{- /* Before 1.30 there is no sleep action, and the image has neither shell nor sleep. The probe waits out its connect
       timeout against a closed port. It then fails, so each stop leaves a FailedPreStopHook event, without further effect. */}}
  exec:
    command:
      - grpc_health_probe
      - -addr=127.0.0.1:1
      - -connect-timeout={{ $seconds }}s
{{- end }}
{{- end -}}
{{- end -}}

{{/*
How long a pod may take to stop: the delay, the grace period of gRPC and then of dispatch, and 5 s for the rest.
Usage: {{ include "spicedb.terminationGracePeriodSeconds" . }}
*/}}
{{- define "spicedb.terminationGracePeriodSeconds" -}}
{{- $shutdown := .Values.config.shutdown -}}
{{- add (int $shutdown.preStopSeconds) (mul 2 (int $shutdown.gracePeriodSeconds)) 5 -}}
{{- end -}}

{{/*
The mounts of files with the pod's own metadata, where the operator has them, or nothing.
Usage: {{ include "spicedb.podMetadata.volumeMounts" . }}
*/}}
{{- define "spicedb.podMetadata.volumeMounts" -}}
{{- range $kind, $on := include "spicedb.podMetadata.kinds" . | fromJson }}
- name: pod-{{ $kind }}
  mountPath: /etc/pod{{ $kind }}
  readOnly: true
{{- end }}
{{- end -}}

{{/*
The volumes with them, or nothing.
Usage: {{ include "spicedb.podMetadata.volumes" . }}
*/}}
{{- define "spicedb.podMetadata.volumes" -}}
{{- range $kind, $on := include "spicedb.podMetadata.kinds" . | fromJson }}
- name: pod-{{ $kind }}
  downwardAPI:
    items:
      - path: {{ $kind }}
        fieldRef:
          apiVersion: v1
          fieldPath: metadata.{{ $kind }}
{{- end }}
{{- end -}}

{{/*
Which metadata is mounted, as a JSON object with labels, annotations, both or none.
Usage: {{ range $kind, $on := include "spicedb.podMetadata.kinds" . | fromJson }}
*/}}
{{- define "spicedb.podMetadata.kinds" -}}
{{- $kinds := dict -}}
{{- with .Values.podMetadata -}}
{{- if .projectLabels -}}{{- $_ := set $kinds "labels" true -}}{{- end -}}
{{- if .projectAnnotations -}}{{- $_ := set $kinds "annotations" true -}}{{- end -}}
{{- end -}}
{{- toJson $kinds -}}
{{- end -}}

{{/*
The annotations of a pod, the chart's own and the user's, or nothing.
Usage: {{ with include "spicedb.podAnnotations" (list . .Values.podAnnotations) }}
*/}}
{{- define "spicedb.podAnnotations" -}}
{{- include "spicedb.secret.annotations" (index . 0) -}}
{{- with index . 1 }}
{{ toYaml . }}
{{- end }}
{{- end -}}
