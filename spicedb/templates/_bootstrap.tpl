{{/*
Data that the memory engine starts with, from a ConfigMap of the user's.
*/}}

{{/*
The setting that names the file, or nothing. Never with the flag that overwrites: it deletes all data first.
Usage: {{ include "spicedb.bootstrap.env" . }}
*/}}
{{- define "spicedb.bootstrap.env" -}}
{{- if .Values.config.bootstrap.configMapName }}
- name: SPICEDB_DATASTORE_BOOTSTRAP_FILES
  value: /etc/spicedb/bootstrap/bootstrap.yaml
{{- end }}
{{- end -}}

{{/*
The mount of the file, or nothing.
Usage: {{ include "spicedb.bootstrap.volumeMounts" . }}
*/}}
{{- define "spicedb.bootstrap.volumeMounts" -}}
{{- if .Values.config.bootstrap.configMapName }}
- name: bootstrap
  mountPath: /etc/spicedb/bootstrap
  readOnly: true
{{- end }}
{{- end -}}

{{/*
The volume with the file, or nothing.
Usage: {{ include "spicedb.bootstrap.volumes" . }}
*/}}
{{- define "spicedb.bootstrap.volumes" -}}
{{- with .Values.config.bootstrap.configMapName }}
- name: bootstrap
  configMap:
    name: {{ . | quote }}
    items:
      - key: bootstrap.yaml
        path: bootstrap.yaml
{{- end }}
{{- end -}}
