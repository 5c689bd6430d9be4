{{/*
Ways in from outside the cluster: Services, Ingresses and the Gateway API.
*/}}

{{/*
The IP families of a Service, each line with a line break before it, or nothing.
Usage: {{ include "spicedb.ipFamilies" . | indent 2 }}
*/}}
{{- define "spicedb.ipFamilies" -}}
{{- with .Values.service.ipFamilyPolicy }}
ipFamilyPolicy: {{ . }}
{{- end }}
{{- with .Values.service.ipFamilies }}
ipFamilies:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
The annotations of one Ingress: by which the controller knows the protocol of a listener, and the user's, which win.
ingress-nginx reads them from the Ingress; the others read them from the Service.
Usage: {{ include "spicedb.exposure.ingressAnnotations" (list . "grpc") | fromYaml }}
*/}}
{{- define "spicedb.exposure.ingressAnnotations" -}}
{{- $root := index . 0 -}}
{{- $listener := index . 1 -}}
{{- $annotations := dict -}}
{{- if eq $root.Values.ingress.controller "nginx" -}}
{{- $protocol := printf "%s%s" (upper $listener) (ternary "S" "" (eq (include "spicedb.tls.serves" .) "true")) -}}
{{- $_ := set $annotations "nginx.ingress.kubernetes.io/backend-protocol" $protocol -}}
{{- end -}}
{{- merge dict (index $root.Values.ingress $listener).annotations $annotations | toYaml -}}
{{- end -}}

{{/*
The annotations by which Contour or Traefik know the protocols of the Service's ports, as a YAML map.
Usage: {{ include "spicedb.exposure.serviceAnnotations" . | fromYaml }}
*/}}
{{- define "spicedb.exposure.serviceAnnotations" -}}
{{- $root := . -}}
{{- $ingress := .Values.ingress -}}
{{- $annotations := dict -}}
{{- range $listener := list "http" "grpc" -}}
{{- if (index $ingress $listener).enabled -}}
{{- $tls := eq (include "spicedb.tls.serves" (list $root $listener)) "true" -}}
{{- $isGRPC := eq $listener "grpc" -}}
{{- if eq $ingress.controller "contour" -}}
{{- if or $tls $isGRPC -}}
{{- $protocol := ternary (ternary "h2" "h2c" $tls) "tls" $isGRPC -}}
{{- $_ := set $annotations (printf "projectcontour.io/upstream-protocol.%s" $protocol) $listener -}}
{{- end -}}
{{- else if eq $ingress.controller "traefik" -}}
{{- $_ := set $annotations "traefik.ingress.kubernetes.io/service.serversscheme" (ternary "https" (ternary "h2c" "http" $isGRPC) $tls) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $annotations -}}
{{- end -}}

{{/*
The spec of one Ingress. One certificate covers all its hosts.
Usage: {{ include "spicedb.exposure.ingressSpec" (list . "grpc") }}
*/}}
{{- define "spicedb.exposure.ingressSpec" -}}
{{- $root := index . 0 -}}
{{- $listener := index . 1 -}}
{{- $side := index $root.Values.ingress $listener -}}
{{- with $root.Values.ingress.className -}}
ingressClassName: {{ . | quote }}
{{ end -}}
{{- with $side.tlsSecretName -}}
tls:
  - secretName: {{ . | quote }}
    hosts:
      {{- toYaml $side.hosts | nindent 6 }}
{{ end -}}
rules:
  {{- range $side.hosts }}
  - host: {{ . | quote }}
    http:
      paths:
        - path: /
          pathType: Prefix
          backend:
            service:
              name: {{ include "spicedb.fullname" $root | quote }}
              port:
                name: {{ $listener }}
  {{- end }}
{{- end -}}

{{/*
The spec of one route of the Gateway API.
Usage: {{ include "spicedb.exposure.routeSpec" (list . "grpc") }}
*/}}
{{- define "spicedb.exposure.routeSpec" -}}
{{- $root := index . 0 -}}
{{- $listener := index . 1 -}}
{{- $route := index $root.Values.gateway (printf "%sRoute" $listener) -}}
{{- $ports := dict "grpc" 50051 "http" 8443 -}}
parentRefs:
  {{- toYaml $route.parentRefs | nindent 2 }}
{{- with $route.hostnames }}
hostnames:
  {{- toYaml . | nindent 2 }}
{{- end }}
rules:
  - backendRefs:
      - name: {{ include "spicedb.fullname" $root | quote }}
        port: {{ get $ports $listener }}
{{- end -}}

{{/*
The listeners with TLS that a route leads to, as a JSON list of names of the Service's ports.
Usage: {{ with include "spicedb.exposure.verified" . | fromJsonArray }}
*/}}
{{- define "spicedb.exposure.verified" -}}
{{- $root := . -}}
{{- $names := list -}}
{{- range $listener := list "grpc" "http" -}}
{{- if and (index $root.Values.gateway (printf "%sRoute" $listener)).enabled (include "spicedb.tls.serves" (list $root $listener)) -}}
{{- $names = append $names $listener -}}
{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}
