{{- define "modelwatch.name" -}}
{{- if contains "modelwatch" .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{ else }}{{ printf "%s-modelwatch" .Release.Name | trunc 63 | trimSuffix "-" }}{{ end -}}
{{- end -}}

{{- define "modelwatch.selector" -}}
app.kubernetes.io/name: modelwatch
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Name and label of one shard, of a dict with `root` and `shard`; without shards these of the only exporter. */}}
{{- define "modelwatch.shardName" -}}
{{- if gt (int .root.Values.shards) 1 }}{{ include "modelwatch.name" .root | trunc 52 | trimSuffix "-" }}-shard-{{ .shard }}{{ else }}{{ include "modelwatch.name" .root }}{{ end -}}
{{- end -}}

{{- define "modelwatch.shardSelector" -}}
{{ include "modelwatch.selector" .root }}
{{- if gt (int .root.Values.shards) 1 }}
app.kubernetes.io/component: shard-{{ .shard }}
{{- end }}
{{- end -}}

{{- define "modelwatch.labels" -}}
{{ include "modelwatch.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "modelwatch.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "modelwatch.name" .) }}
{{- end -}}

{{- define "modelwatch.monitorLabels" -}}
{{ include "modelwatch.labels" . }}
release: {{ .Values.prometheusOperator.release | quote }}
{{- with .Values.prometheusOperator.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The configuration file: the user's, with what the chart itself decides. */}}
{{- define "modelwatch.config" -}}
{{- $ours := dict "web" (dict "port" (int .Values.service.port)) -}}
{{- if .Values.web.configSecret }}{{ $_ := set $ours.web "configFile" "/etc/modelwatch-web/web.yml" }}{{ end -}}
{{- if .Values.namespaces }}{{ $_ := set $ours "kubernetes" (dict "namespaces" .Values.namespaces) }}{{ end -}}
{{- if gt (int .Values.shards) 1 -}}
{{- $peers := printf "http://%s:%d" (include "modelwatch.shardName" (dict "root" . "shard" "{shard}")) (int .Values.service.port) -}}
{{- $_ := set $ours "totalShards" (int .Values.shards) }}{{ $_ := set $ours "shardPeers" $peers -}}
{{- end -}}
{{- if or .Values.joins.claim .Values.joins.size }}{{ $_ := set $ours "events" (dict "joins" (dict "directory" "/var/lib/modelwatch")) }}{{ end -}}
{{- if and .Values.joins.size (gt (int .Values.replicas) 1) -}}
{{- $name := include "modelwatch.name" . -}}
{{- $peers := dict "url" (printf "%s://%s-{replica}.%s:%d" .Values.web.scheme $name (include "modelwatch.replicasName" .) (int .Values.service.port)) -}}
{{- if .Values.joins.tokenSecret }}{{ $_ := set $peers "tokenFile" "/etc/modelwatch-peers/token" }}{{ end -}}
{{- $_ := set $ours.events "replicas" (int .Values.replicas) }}{{ $_ := set $ours.events "peers" $peers -}}
{{- end -}}
{{- $config := mergeOverwrite (deepCopy .Values.config) $ours -}}
{{- include "modelwatch.eventLogCheck" (dict "values" .Values "key" "config.eventLog" "config" (dig "eventLog" dict $config)) -}}
{{- include "modelwatch.joinsCheck" (dict "values" .Values "directory" (dig "events" "joins" "directory" "" $config)) -}}
{{- toYaml $config }}
{{- end -}}

{{/* Predictions meet their actuals on one disk, or on the disk of the replica that owns their id. */}}
{{- define "modelwatch.joinsCheck" -}}
{{- if and .values.joins.claim .values.joins.size }}{{ fail "joins: expected claim or size, got both" }}{{ end -}}
{{- if and .directory (gt (int .values.shards) 1) }}{{ fail "joins, config.events.joins.directory: expected shards 1, since shards do not pass on what belongs together" }}{{ end -}}
{{- if and .directory (not .values.joins.size) (gt (int .values.replicas) 1) -}}
{{- fail "joins.claim, config.events.joins.directory: expected replicas 1, or joins.size, which gives each replica a disk of its own" -}}
{{- end -}}
{{- if and (not .values.joins.size) (gt (int .values.replicas) 2) -}}
{{- fail "replicas: expected at most 2 without joins.size: each watches all of the fleet" -}}
{{- end -}}
{{- end -}}

{{/* The root of the pod cannot be written; a queue belongs to one process. */}}
{{- define "modelwatch.eventLogCheck" -}}
{{- $waits := or (dig "elasticsearch" list .config) (dig "file" "path" "" .config) -}}
{{- if and $waits (not .values.eventLog.volume) (not .values.joins.claim) (not .values.joins.size) -}}
{{- fail (printf "eventLog.volume: expected a volume for what %s writes, got none" .key) -}}
{{- end -}}
{{- $processes := add (mul (int .values.replicas) (int .values.shards)) (ternary (int .values.responder.replicas) 0 (and .values.responder.enabled (not (empty .values.responder.eventLog)))) -}}
{{- if and (hasKey .values.eventLog.volume "persistentVolumeClaim") (gt (int $processes) 1) -}}
{{- fail "eventLog.volume: expected emptyDir or ephemeral for more than one process, got persistentVolumeClaim" -}}
{{- end -}}
{{- end -}}

{{- define "modelwatch.eventLogMounts" -}}
{{- if .volume }}
- name: events
  mountPath: /var/lib/modelwatch-events
{{- end }}
{{- if .secret }}
- name: event-secrets
  mountPath: /etc/modelwatch-events
  readOnly: true
{{- end }}
{{- end -}}

{{- define "modelwatch.eventLogVolumes" -}}
{{- with .volume }}
- name: events
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .secret }}
- name: event-secrets
  secret:
    secretName: {{ . }}
{{- end }}
{{- end -}}

{{/* The Service by which replicas reach each other, each by its name. */}}
{{- define "modelwatch.replicasName" -}}
{{ include "modelwatch.name" . | trunc 50 | trimSuffix "-" }}-replicas
{{- end -}}

{{/* What the exporter reads of a namespace; the probes go through the API server only when asked to. */}}
{{- define "modelwatch.rules" -}}
- apiGroups: [mlops.seldon.io]
  resources: [models, servers, pipelines, experiments, seldonruntimes, seldonconfigs, serverconfigs]
  verbs: [get, list, watch]
- apiGroups: [serving.kserve.io]
  resources: [inferenceservices, llminferenceservices, trainedmodels, servingruntimes, inferencegraphs]
  verbs: [get, list, watch]
- apiGroups: ['']
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [get, list, watch]
{{- range dig "kubernetes" "customResources" list .Values.config }}
- apiGroups: [{{ .group }}]
  resources: [{{ .plural }}]
  verbs: [get, list, watch]
{{- end }}
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch]
{{- if dig "kubernetes" "configMaps" false .Values.config }}
- apiGroups: ['']
  resources: [configmaps]
  verbs: [list, watch]
{{- end }}
{{- if eq (dig "servers" "access" "direct" .Values.config) "api-proxy" }}
- apiGroups: ['']
  resources: [pods/proxy]
  verbs: [get, create]
{{- end }}
{{- end -}}

{{/* How a kubelet asks: it trusts any certificate, and has none itself. */}}
{{- define "modelwatch.probe" -}}
{{- $port := .port | default "http" -}}
{{- if eq .web.probes "tcpSocket" -}}
tcpSocket: { port: {{ $port }} }
{{- else if eq .web.scheme "https" -}}
httpGet: { path: {{ .path }}, port: {{ $port }}, scheme: HTTPS }
{{- else -}}
httpGet: { path: {{ .path }}, port: {{ $port }} }
{{- end -}}
{{- end -}}

{{- define "modelwatch.responderName" -}}
{{ include "modelwatch.name" . | trunc 50 | trimSuffix "-" }}-responder
{{- end -}}

{{/* Another name than the exporter's: its Service and its ServiceMonitor must not select the responder. */}}
{{- define "modelwatch.responderSelector" -}}
app.kubernetes.io/name: modelwatch-responder
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "modelwatch.responderLabels" -}}
{{ include "modelwatch.responderSelector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* The responder's configuration file: the user's section, with what the chart itself decides. */}}
{{- define "modelwatch.responderConfig" -}}
{{- $values := .Values.responder -}}
{{- $defaults := dict "alertmanager" (dict "tokenFile" "/etc/modelwatch-responder/alertmanager-token") -}}
{{- $lease := dict "namespace" .Release.Namespace "name" (include "modelwatch.responderName" .) -}}
{{- $ours := dict "enabled" true "port" (int $values.port) "lease" $lease -}}
{{- $config := dict "responder" (mergeOverwrite $defaults (deepCopy $values.settings) $ours) -}}
{{- if $values.prometheusUrl }}{{ $_ := set $config "prometheus" (dict "url" $values.prometheusUrl) }}{{ end -}}
{{- if $values.web.configSecret }}{{ $_ := set $config "web" (dict "configFile" "/etc/modelwatch-web/web.yml") }}{{ end -}}
{{- with $values.eventLog }}{{ $_ := set $config "eventLog" . }}{{ end -}}
{{- include "modelwatch.eventLogCheck" (dict "values" (set (deepCopy .Values) "joins" dict) "key" "responder.eventLog" "config" $values.eventLog) -}}
{{- toYaml $config }}
{{- end -}}
