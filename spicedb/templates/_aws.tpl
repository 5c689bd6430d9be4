{{/*
What AWS is told.
*/}}

{{/*
The association of a ServiceAccount with the IAM role, as a spec.
Usage: {{ include "spicedb.aws.association" (list . (include "spicedb.serviceAccountName" .)) | nindent 2 }}
*/}}
{{- define "spicedb.aws.association" -}}
{{- $identity := (index . 0).Values.aws.podIdentity -}}
clusterName: {{ $identity.association.clusterName | quote }}
namespace: {{ include "spicedb.namespace" (index . 0) | quote }}
roleARN: {{ $identity.roleArn | quote }}
serviceAccount: {{ index . 1 | quote }}
{{- end -}}
