{{/*
The pods for `helm test`.
*/}}

{{/*
The name of the test's pod, ServiceAccount and NetworkPolicy.
Usage: {{ include "spicedb.test.name" . }}
*/}}
{{- define "spicedb.test.name" -}}
{{- include "spicedb.componentName" (list . "-test") -}}
{{- end -}}

{{/*
A pod's metadata. Pods run in the order of their weight, each once the one before has succeeded.
Usage: {{ include "spicedb.test.metadata" (list . "name" 0) | nindent 2 }}
*/}}
{{- define "spicedb.test.metadata" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 | quote }}
namespace: {{ include "spicedb.namespace" $root | quote }}
labels:
  {{- include "spicedb.labels" (list $root "test") | nindent 2 }}
annotations:
  helm.sh/hook: test
  {{- with index . 2 }}
  helm.sh/hook-weight: {{ . | quote }}
  {{- end }}
  helm.sh/hook-delete-policy: before-hook-creation
{{- end -}}

{{/*
A pod's spec, but for its containers.
Usage: {{ include "spicedb.test.spec" . | nindent 2 }}
*/}}
{{- define "spicedb.test.spec" -}}
{{- with include "spicedb.imagePullSecrets" . -}}
{{ . }}
{{ end -}}
serviceAccountName: {{ include "spicedb.test.name" . | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
restartPolicy: Never
{{- /* Where dispatch is broken, a check hangs for a minute. */}}
activeDeadlineSeconds: 180
securityContext:
  {{- include "spicedb.podSecurityContext" . | nindent 2 }}
{{- with include "spicedb.scheduling" (list . (pick .Values.affinity "nodeAffinity")) }}
{{ . }}
{{- end }}
{{- if include "spicedb.tls.serves" (list . "grpc") }}
volumes:
  {{- include "spicedb.secretVolume" (list "tls-test" .Values.tests.caSecretName (list "ca.crt")) | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
Eight containers that do one thing each over a connection of its own and with another resource, so that they come to several pods
and belong to several: check, touch or delete. The image has no shell: one call is one container.
Usage: {{ include "spicedb.test.containers" (list . "check") | nindent 4 }}
*/}}
{{- define "spicedb.test.containers" -}}
{{- $root := index . 0 -}}
{{- $call := index . 1 -}}
{{- $tests := $root.Values.tests -}}
{{- $tls := include "spicedb.tls.serves" (list $root "grpc") -}}
{{- $types := splitList "#" $tests.check -}}
{{- $asked := splitList "@" (last $types) -}}
{{- range $number := untilStep 1 9 1 }}
- name: {{ $call }}-{{ $number }}
  image: {{ printf "%s:%s" $tests.image.repository $tests.image.tag }}{{ with $tests.image.digest }}@{{ . }}{{ end }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  args:
    - {{ ternary "permission" "relationship" (eq $call "check") }}
    - {{ $call }}
    - {{ printf "%s:helm-test-%d-%d" (first $types) $root.Release.Revision $number | quote }}
    - {{ ternary (first $asked) $tests.writeRelation (eq $call "check") }}
    - {{ printf "%s:helm-test" (last $asked) | quote }}
    - --endpoint={{ include "spicedb.fullname" $root }}.{{ include "spicedb.namespace" $root }}.svc:50051
    - {{ if $tls }}--certificate-path=/etc/spicedb/tls/test/ca.crt{{ else }}--insecure{{ end }}
    - --max-retries=0
    - --skip-version-check
    {{- if and $tests.writeRelation (eq $call "check") }}
    - --consistency-full
    - --error-on-no-permission
    {{- end }}
  env:
    - name: ZED_TOKEN
      valueFrom:
        secretKeyRef:
          name: {{ include "spicedb.secretName" $root | quote }}
          key: {{ $root.Values.existingSecretKeys.presharedKey | quote }}
    {{- /* zed looks for a configuration here, and would look for a home directory otherwise. */}}
    - name: XDG_CONFIG_HOME
      value: /nonexistent
  terminationMessagePolicy: FallbackToLogsOnError
  resources:
    requests:
      cpu: 10m
      memory: 32Mi
    limits:
      cpu: 200m
      memory: 128Mi
  securityContext:
    {{- include "spicedb.containerSecurityContext" $root | nindent 4 }}
  {{- if $tls }}
  volumeMounts:
    - name: tls-test
      mountPath: /etc/spicedb/tls/test
      readOnly: true
  {{- end }}
{{- end }}
{{- end -}}
