{{/*
The server's pods.
*/}}

{{/*
The chart's own volumes of a server pod, or nothing.
Usage: {{ include "spicedb.server.volumes" . }}
*/}}
{{- define "spicedb.server.volumes" -}}
{{- print (include "spicedb.secretFile.volumes" (list . "server")) (include "spicedb.tls.volumes" .) (include "spicedb.datastore.volumes" .) (include "spicedb.dispatch.volumes" .) (include "spicedb.bootstrap.volumes" .) (include "spicedb.podMetadata.volumes" .) | trim -}}
{{- end -}}

{{/*
The template of a server pod.
Usage: {{ include "spicedb.server.podTemplate" . | nindent 4 }}
*/}}
{{- define "spicedb.server.podTemplate" -}}
metadata:
  labels:
    {{- include "spicedb.podLabels" (list . "server") | nindent 4 }}
  {{- with include "spicedb.podAnnotations" (list . .Values.podAnnotations) }}
  annotations:
    {{- . | trim | nindent 4 }}
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
  {{- with include "spicedb.scheduling" (list . (include "spicedb.scheduling.serverAffinity" . | fromJson)) }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with include "spicedb.topologySpreadConstraints" . }}
  topologySpreadConstraints:
    {{- . | trim | nindent 4 }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- include "spicedb.additions.containers" . | nindent 4 }}
  {{- end }}
  containers:
    - name: spicedb
      image: {{ include "spicedb.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      {{- with include "spicedb.secretFile.workingDir" (list . "server") | trim }}
      {{ . }}
      {{- end }}
      args:
        - serve
        {{- with print (include "spicedb.datastore.serverArgs" .) (include "spicedb.dispatch.serverArgs" .) }}
        {{- . | trim | nindent 8 }}
        {{- end }}
        {{- with include "spicedb.additions.arguments" . }}
        {{- . | nindent 8 }}
        {{- end }}
      env:
        {{- include "spicedb.serverEnv" . | nindent 8 }}
        {{- with .Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
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
      {{- with print (include "spicedb.secretFile.volumeMounts" (list . "server")) (include "spicedb.tls.volumeMounts" .) (include "spicedb.datastore.volumeMounts" .) (include "spicedb.dispatch.volumeMounts" .) (include "spicedb.bootstrap.volumeMounts" .) (include "spicedb.podMetadata.volumeMounts" .) (include "spicedb.additions.entries" .Values.extraVolumeMounts) }}
      volumeMounts:
        {{- . | trim | nindent 8 }}
      {{- end }}
    {{- with .Values.extraContainers }}
    {{- include "spicedb.additions.containers" . | nindent 4 }}
    {{- end }}
  {{- with print (include "spicedb.server.volumes" .) (include "spicedb.additions.entries" .Values.extraVolumes) }}
  volumes:
    {{- . | trim | nindent 4 }}
  {{- end }}
{{- end -}}
