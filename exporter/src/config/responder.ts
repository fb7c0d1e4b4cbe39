/** The responder: who may tell it of alerts, what it may touch, and which alert calls for what. */
import {
  ALERTS,
  MISSING_DATA_ALERTS,
  QUALITY_ALERTS,
  RESPONDER_KINDS,
  RESPONDER_MODES,
  RESPONSE_ACTIONS,
} from '@modelwatch/contract';
import { z } from 'zod';
import { unknownPlaceholders } from '../responder/evidence';
import { MOST_BREAKER_FAILURES } from '../responder/journal';
import { responderAction, unknownLabel } from './responder-action';
import { name as placeName } from './text';

const file = z.string().min(1);
const seconds = (most: number, fallback: number) => z.number().int().min(0).max(most).default(fallback);
/** More would not fit into the memory of a day that the Lease holds. */
const perHour = z.number().int().min(1).max(16);
const label = z.string().min(1).max(253);
const header = (name: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9-]{1,100}$/)
    .meta({ expected: 'the name of a header' })
    .default(name);

const alertname = label.refine((name) => !(MISSING_DATA_ALERTS as readonly string[]).includes(name), {
  error: 'an alert that says something of the model; this one says that data are missing',
});

const policy = z.strictObject({
  /** A label of metrics. */
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  mode: z.enum(RESPONDER_MODES).optional(),
  match: z.strictObject({
    alertnames: z.array(alertname).min(1).max(100),
    severity: label.optional(),
    owner: label.optional(),
    labels: z.record(label, z.string().max(253)).default({}),
  }),
  action: responderAction,
  cooldownSeconds: seconds(86_400, 600),
  minAlertAgeSeconds: seconds(3_600, 60),
  maxPerHour: perHour.default(4),
  maxAttempts: z.number().int().min(1).max(10).default(3),
  /** Whether Prometheus is asked if the alert still fires. */
  stillFiring: z.boolean().default(true),
  /** PromQL whose every value must be above 0. */
  precondition: z
    .string()
    .min(1)
    .max(4_096)
    .superRefine((promql, context) => {
      for (const name of unknownPlaceholders(promql)) context.addIssue({ code: 'custom', message: unknownLabel(name) });
    })
    .optional(),
});

export const responderSchema = z
  .strictObject({
    /** Whether `modelwatch responder` starts; the exporter has nothing to do with it. */
    enabled: z.boolean().default(false),
    port: z.number().int().min(0).max(65_535).default(8781),
    mode: z.enum(RESPONDER_MODES).default('dry-run'),
    /** The kill switch. */
    paused: z.boolean().default(false),
    /** The same, by a file that is there. */
    pauseFile: file.optional(),
    allow: z
      .strictObject({
        namespaces: z.array(label).default([]),
        kinds: z.array(z.enum(RESPONDER_KINDS)).default([]),
        actions: z.array(z.enum(RESPONSE_ACTIONS)).default([]),
      })
      .prefault({}),
    /** Of all policies together. */
    maxPerHour: perHour.default(10),
    breaker: z
      .strictObject({
        failures: z.number().int().min(1).max(MOST_BREAKER_FAILURES).default(3),
        pauseSeconds: seconds(86_400, 900),
      })
      .prefault({}),
    maxQueuedAlerts: z.number().int().min(1).max(100_000).default(1_000),
    maxBodyBytes: z.number().int().min(1_024).max(67_108_864).default(4_194_304),
    alertmanager: z.strictObject({ tokenFile: file.optional() }).prefault({}),
    grafana: z
      .strictObject({
        tokenFile: file.optional(),
        /** What Grafana signs with; then it needs no token. */
        hmacSecretFile: file.optional(),
        signatureHeader: header('X-Grafana-Alerting-Signature'),
        timestampHeader: header('X-Grafana-Alerting-Timestamp'),
        maxAgeSeconds: z.number().int().min(1).max(3_600).default(300),
      })
      .prefault({}),
    lease: z
      .strictObject({ namespace: placeName.default('modelwatch'), name: placeName.default('modelwatch-responder') })
      .prefault({}),
    policies: z.array(policy).max(200).default([]),
  })
  .prefault({});

interface Others {
  readonly kubernetes: boolean;
  readonly prometheus: boolean;
}

/** What is missing for a responder that is switched on: path below `responder`, and what was expected. */
export function responderProblems(
  { enabled, policies, alertmanager, grafana }: z.infer<typeof responderSchema>,
  others: Others
): { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const names = new Set<string>();
  const problems: { path: readonly PropertyKey[]; message: string }[] = [];
  policies.forEach(({ name, stillFiring, precondition, match, action }, index) => {
    const refuse = (key: string, message: string) => problems.push({ path: ['policies', index, key], message });
    if (names.has(name)) refuse('name', 'a name that no other policy has');
    names.add(name);
    if (action.type === 'job') {
      match.alertnames.forEach((alertname, at) => {
        if (isOfQuality(alertname)) return;
        const message = `one of ${QUALITY_ALERTS.join(', ')}, or one of your own, with a job: nothing is retrained because a model does not answer`;
        problems.push({ path: ['policies', index, 'match', 'alertnames', at], message });
      });
    }
    if (!enabled || others.prometheus) return;
    if (stillFiring)
      refuse('stillFiring', 'false without prometheus.url, which is asked whether the alert still fires');
    if (precondition !== undefined) refuse('precondition', 'none without prometheus.url, which is asked');
  });
  if (!enabled) return problems;
  if (!others.kubernetes) {
    problems.push({ path: ['enabled'], message: 'false while kubernetes.enabled is false: the Lease is kept there' });
  }
  if (!alertmanager.tokenFile && !grafana.tokenFile && !grafana.hmacSecretFile) {
    const message = 'a file with a token, or one in responder.grafana: nobody could send an alert';
    problems.push({ path: ['alertmanager', 'tokenFile'], message });
  }
  return problems;
}

/** Of alerts that are not ours nobody here knows what they tell. */
function isOfQuality(alertname: string): boolean {
  const isOurs = (Object.values(ALERTS) as readonly string[]).includes(alertname);
  return !isOurs || (QUALITY_ALERTS as readonly string[]).includes(alertname);
}
