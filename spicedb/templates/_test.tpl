{{/*
The pod for `helm test`.
*/}}

{{/*
The name of the test's pod, ServiceAccount and NetworkPolicy.
Usage: {{ include "spicedb.test.name" . }}
*/}}
{{- define "spicedb.test.name" -}}
{{- include "spicedb.componentName" (list . "-test") -}}
{{- end -}}

{{/*
The test's containers, which run side by side: eight checks, each over a connection of its own and of another resource, so that
they come to several pods and belong to several. The image has no shell: one check is one container.
Usage: {{ include "spicedb.test.containers" . | nindent 4 }}
*/}}
{{- define "spicedb.test.containers" -}}
{{- $tests := .Values.tests -}}
{{- $tls := include "spicedb.tls.serves" (list . "grpc") -}}
{{- $types := splitList "#" $tests.check -}}
{{- $asked := splitList "@" (last $types) -}}
{{- range $number := untilStep 1 9 1 }}
- name: check-{{ $number }}
  image: {{ printf "%s:%s" $tests.image.repository $tests.image.tag }}{{ with $tests.image.digest }}@{{ . }}{{ end }}
  imagePullPolicy: {{ $.Values.image.pullPolicy }}
  args:
    - permission
    - check
    - {{ printf "%s:helm-test-%d-%d" (first $types) $.Release.Revision $number | quote }}
    - {{ first $asked }}
    - {{ printf "%s:helm-test" (last $asked) | quote }}
    - --endpoint={{ include "spicedb.fullname" $ }}.{{ include "spicedb.namespace" $ }}.svc:50051
    - {{ if $tls }}--certificate-path=/etc/spicedb/tls/test/ca.crt{{ else }}--insecure{{ end }}
    - --max-retries=0
    - --skip-version-check
  env:
    - name: ZED_TOKEN
      valueFrom:
        secretKeyRef:
          name: {{ include "spicedb.secretName" $ | quote }}
          key: {{ $.Values.existingSecretKeys.presharedKey | quote }}
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
    {{- include "spicedb.containerSecurityContext" $ | nindent 4 }}
  {{- if $tls }}
  volumeMounts:
    - name: tls-test
      mountPath: /etc/spicedb/tls/test
      readOnly: true
  {{- end }}
{{- end }}
{{- end -}}
