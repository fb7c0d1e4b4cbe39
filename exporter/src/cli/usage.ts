export const USAGE = `modelwatch: whether every machine-learning model in production serves, in your Prometheus and Grafana

Usage:
  modelwatch exporter [--config.file FILE] [flags]   watch a cluster and serve metrics on port 8780
  modelwatch check [--config.file FILE] [flags]      say what is wrong with a configuration, and explain its objectives
                                                     (--requests-per-second: at this traffic, default 10)
  modelwatch check --object FILE [flags]             show what the mappings make of custom resources
  modelwatch check --module FILE --url URL           show what a module makes of a server (--text FILE: of its metrics)
  modelwatch check --suggest --prometheus.url URL    propose objectives from what Prometheus has recorded
                                                     (--model NAMESPACE/MODEL, --days, default 30, --cluster)
  modelwatch status [--url URL]                      the fleet of a running exporter, worst first
  modelwatch profile FILE [flags]                    training data -> the reference that drift is measured against
  modelwatch ingest FILE [flags]                     predictions of a file -> a running exporter
  modelwatch rules [flags]                           rules for Prometheus, its operator or Grafana
  modelwatch rules drift [flags]                     those for drift alone, with other windows
  modelwatch rules accuracy [flags]                  the same for accuracy
  modelwatch rules custom --config.file FILE         those for custom metrics that are queries
  modelwatch rules slo [flags]                       those for service level objectives alone
  modelwatch rules slo --config.file FILE            those for objectives that are queries
  modelwatch rules inference [flags]                 rules for model servers that Prometheus scrapes itself
  modelwatch responder --config.file FILE            act upon alerts, off by default (undo: take back what was done)
  modelwatch report NAMESPACE/MODEL [flags]          one page on a model and a period, from Prometheus
  modelwatch demo [flags]                            a simulated fleet that speaks the real protocols
  modelwatch demo scenario NAME on|off               switch a scenario of it (without arguments: list them)
  modelwatch --version
  modelwatch COMMAND --help

Exit codes: 0 done, 1 failed, 2 wrong usage.`;

export const STATUS_USAGE = `Usage: modelwatch status [--url http://localhost:8780] [--user NAME]

With --user the password is read from MODELWATCH_PASSWORD; NODE_EXTRA_CA_CERTS names the CA of a private certificate.
Prints the models of a running exporter, worst first. Colours only on a terminal and without NO_COLOR.`;

export const REPORT_USAGE = `Usage: modelwatch report NAMESPACE/MODEL --prometheus.url URL [flags]

One page on what Prometheus (Thanos, Mimir) recorded of a model: health, objectives, alerts, drift, accuracy, versions,
coverage of data. What was not recorded is said to be missing.

  --from, --to       days or times as 2026-11-21T00:00:00Z (default: the last 30 days)
  --format           markdown (default) or html
  --events           file of the event log, for automated actions; may be given several times
  --cluster          where one Prometheus has several
  --output           file that the page is written to (default: standard output)`;

export const RULES_USAGE = `Usage: modelwatch rules [flags]

  --format           prometheus (default), prometheusrule or grafana
  --interval         how often rules are evaluated (default 30s)
  --for              how long a model must be unable to serve before the alert (default: one interval)
  --stale-after      age from which data is stale
  --errors-warning, --errors-critical   share of failing requests (default 0.01 and 0.05)
  --slow-warning, --slow-critical       share of slow requests (default 0.05 and 0.2)
  --min-requests     requests in 5 minutes below which there is no verdict (default 25)
  --drift-method     psi (default), js, kl, hellinger, tvd, linf or chi2: those that your models' settings name
  --drift-interval   how often drift, accuracy and custom metrics are looked at (default 4m)
  --slo-interval     how often service level objectives are judged (default 1m)
  --slo-coarse-interval   how often windows of three days and more are (default 4m)
  --quality-margin   how much more missing, new, invalid or out-of-range values than in the reference (default 0.05)
  --without          resources, aggregates, usage, drift, accuracy, custom or slo: leave these rules out; more than once
  --name, --namespace, --release        of the PrometheusRule
  --datasource-uid, --folder, --receiver    of the Grafana rules
  --runbook-base-url where the runbooks are
  --grafana-url      where Grafana is: alerts of Prometheus then link to dashboard and panel of what they are about

Prints the rules.

Usage: modelwatch rules drift [flags]

  --window           10m, 1h, 1d, 7d; more than once, or with commas (default: 1h,1d). Without 1h the rules are an
                     addition to rules that have it
  --method           as --drift-method of rules
  --interval         how often drift is looked at (default 4m)
  --format, --quality-margin, --name, ...   as of rules (name: modelwatch-drift)

Prints the rules for drift alone.

Usage: modelwatch rules accuracy [flags]

  --window           10m, 1h, 1d, 7d; more than once, or with commas (default: 1h,1d). Without 1h the rules are an
                     addition to rules that have it
  --interval         how often accuracy is looked at (default 4m)
  --format, --name, ...   as of rules (name: modelwatch-accuracy)

Prints the rules for accuracy alone.

Usage: modelwatch rules custom --config.file FILE [flags]

  --config.file      the configuration of the exporter, with the queries as monitoring.models[].customMetrics[].promql
  --interval         how often they are asked (default 4m)
  --format, --name, ...   as of rules (name: modelwatch-custom)

Prints a rule for each query; those for values and verdicts of all custom metrics are among the others.

Usage: modelwatch rules slo [flags]

  --interval         how often objectives are judged (default 1m)
  --format, --name, ...   as of rules (name: modelwatch-slo)

Prints the rules for objectives alone: one set for all that are declared.

Usage: modelwatch rules inference [flags]

  --server           mlserver, triton, kserve, torchserve, tfserving, vllm or llamacpp; more than once (default: all)
  --format           prometheus (default) or prometheusrule
  --interval         how often rules are evaluated (default 30s)
  --name, --namespace, --release        of the PrometheusRule (name: modelwatch-inference)

Prints the rules that translate what Prometheus scrapes from model servers itself.`;

export const INGEST_USAGE = `Usage: modelwatch ingest FILE --model NAMESPACE/MODEL [flags]

Posts the predictions of a file (CSV with a header or one JSON object per line, .gz is unpacked; Parquet) to a running
exporter, which counts them as if they came one by one. Every column is a feature unless a flag says otherwise.

  --model            NAMESPACE/MODEL whose predictions they are
  --version          version of that model
  --prediction       column with what the model answered
  --prompt, --completion    columns with the texts of a generative model: only what is counted of them is kept
  --id               column that tells one prediction from another: a file that is sent again is not counted again
  --time             column with the time of the prediction: seconds since 1970, or as in 2026-11-21T19:00:00Z
  --exclude          column that is no feature; may be given more than once
  --format           csv, json-lines or parquet (default: by the file's name)
  --delimiter        between the cells of a CSV file, or tab (default: comma; tab in a .tsv)
  --batch            ID of the run that the file is of, where the model has batches; it is closed when all is counted
  --request-rows     predictions in one request (default 500)
  --url              of the exporter (default http://localhost:8780)
  --user             its password is read from MODELWATCH_PASSWORD

Waits and tries again when the exporter is busy or away for a moment. A summary goes to standard error; exit code 1 if
a prediction was refused.`;

export const RESPONDER_USAGE = `Usage: modelwatch responder --config.file FILE [flags]

Takes in alerts of Alertmanager and Grafana on port 8781 and does what the policies under responder.policies say: nothing
but say so, unless responder.mode is auto. Its flags are those of the exporter.

Usage: modelwatch responder undo KIND NAMESPACE/NAME --config.file FILE [flags]

Takes back what a response changed: KIND is Model, Server, InferenceService or HorizontalPodAutoscaler. Kubernetes is
reached as the configuration says.`;

export const PROFILE_USAGE = `Usage: modelwatch profile FILE [flags]

Reads training data (CSV with a header or one JSON object per line, .gz is unpacked; Parquet) and writes the
reference that drift is measured against: per column its type, its bins and how many rows are in each. The file is read
twice, in memory that does not grow with it. Every column is a feature unless a flag says otherwise.

  --output           file to write (default: standard output)
  --format           csv, json-lines, parquet (default: by the file's name) or events: predictions as they are posted
  --delimiter        between the cells of a CSV file, or tab (default: comma; tab in a .tsv)
  --name             of the reference (default: the file's name)
  --model            NAMESPACE/MODEL that it is the reference of
  --version          version of that model
  --target           column with the true outcome
  --prediction       column with the model's prediction
  --prompt, --completion    columns with the texts of a generative model: their length, language and keywords are
                     features in their place
  --refusal-phrase   words that begin a refusal, beside the usual ones; may be given more than once
  --task             classification or regression (default: by the values of the target)
  --exclude          column that is no feature; this flag and the next ones may be given more than once
  --segment          column by whose values shares are told apart, too, as a region; at most 2, feature or not
  --categorical      column of names, also when they look like numbers
  --numeric          column of numbers; what is none is counted as invalid
  --missing-value    text that means missing; takes the place of those that pandas knows (NA, NaN, null, None, ...)
  --bins             bins over the range of a numeric column, at most (default 10)
  --edges            COLUMN=0,10,20: edges of the bins of a column, instead of its quantiles
  --categories       categories with a bin of their own, at most (default 25); the rest is "other"
  --importance       file with the importance of the features: CSV lines feature,value or one JSON object
  --importance-from  the column of --target or of --prediction: importance is what each feature alone tells of it
  --baseline         METRIC=SCORE on held-out data: what accuracy is compared with
  --holdout          file of rows that the model was not trained on, with the columns of --target and --prediction:
                     the baseline is computed from them; what --baseline says goes before
  --score            column with the probability of the positive class where --prediction is a class; no feature
  --positive-class, --decision-threshold    as in the settings of the model (default: the last of two classes, 0.5)

Warnings and a summary go to standard error.

Usage: modelwatch profile --from-prometheus URL --reference FILE [flags]

Makes a reference of what the model was asked in the last days, from the counters in Prometheus (Thanos, Mimir): the
bins are those of FILE, the reference that the model has.

  --days             how many (default 14); Prometheus keeps 15 unless told otherwise
  --gap-days         days between the last of them and now (default 0)
  --until            time at which they end, before the gap, as 2026-11-21T00:00:00Z (default: the last full hour)
  --model            NAMESPACE/MODEL, if FILE does not name it
  --cluster          where one Prometheus has several
  --name, --version, --output    as above
  --user             its password is read from MODELWATCH_PASSWORD
  --bearer-token-file    with a token for Prometheus`;
