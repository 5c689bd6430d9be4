{{/*
The server's pods.
*/}}

{{/*
The template of a server pod.
Usage: {{ include "spicedb.server.podTemplate" . | nindent 4 }}
*/}}
{{- define "spicedb.server.podTemplate" -}}
metadata:
  labels:
    {{- include "spicedb.podLabels" (list . "server") | nindent 4 }}
  {{- with include "spicedb.secret.annotations" . }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  {{- with include "spicedb.imagePullSecrets" . }}
  {{- . | nindent 2 }}
  {{- end }}
  serviceAccountName: {{ include "spicedb.serviceAccountName" . | quote }}
  automountServiceAccountToken: false
  {{- /* Kubernetes would set SPICEDB_PORT and the like for a Service called spicedb. */}}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ include "spicedb.terminationGracePeriodSeconds" . }}
  securityContext:
    {{- include "spicedb.podSecurityContext" . | nindent 4 }}
  {{- with include "spicedb.topologySpreadConstraints" . }}
  topologySpreadConstraints:
    {{- . | trim | nindent 4 }}
  {{- end }}
  containers:
    - name: spicedb
      image: {{ include "spicedb.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - serve
        {{- with include "spicedb.datastore.serverArgs" . }}
        {{- . | trim | nindent 8 }}
        {{- end }}
      env:
        {{- include "spicedb.serverEnv" . | nindent 8 }}
      ports:
        {{- range include "spicedb.listeners" . | fromJsonArray }}
        - name: {{ .name }}
          containerPort: {{ int .port }}
          protocol: TCP
        {{- end }}
      startupProbe:
        exec:
          command:
            {{- include "spicedb.probeCommand" . | nindent 12 }}
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: {{ div (add (int .Values.config.startup.timeoutSeconds) 1) 2 }}
      readinessProbe:
        exec:
          command:
            {{- include "spicedb.probeCommand" . | nindent 12 }}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 3
      livenessProbe:
        exec:
          command:
            {{- include "spicedb.probeCommand" . | nindent 12 }}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- with include "spicedb.lifecycle" . }}
      lifecycle:
        {{- . | nindent 8 }}
      {{- end }}
      terminationMessagePolicy: FallbackToLogsOnError
      resources:
        {{- include "spicedb.resources" .Values.resources | nindent 8 }}
      securityContext:
        {{- include "spicedb.containerSecurityContext" . | nindent 8 }}
      {{- with print (include "spicedb.tls.volumeMounts" .) (include "spicedb.datastore.volumeMounts" .) (include "spicedb.dispatch.volumeMounts" .) }}
      volumeMounts:
        {{- . | trim | nindent 8 }}
      {{- end }}
  {{- with print (include "spicedb.tls.volumes" .) (include "spicedb.datastore.volumes" .) (include "spicedb.dispatch.volumes" .) }}
  volumes:
    {{- . | trim | nindent 4 }}
  {{- end }}
{{- end -}}
