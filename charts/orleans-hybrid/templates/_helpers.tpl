{{- define "orleans-hybrid.name" -}}
{{- printf "orleans-hybrid-%s" .Values.cell | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "orleans-hybrid.labels" -}}
app.kubernetes.io/name: orleans-hybrid
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
orleans-hybrid/cell: {{ .Values.cell }}
{{- end -}}

{{- define "orleans-hybrid.selector" -}}
app.kubernetes.io/name: orleans-hybrid
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
