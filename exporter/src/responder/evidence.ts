/** Whether an alert still holds, by what Prometheus says now; no answer is no evidence, and then nothing is done. */
import type { Intent, Refusal } from './types';

/** An instant query. @returns the values of all its series. Rejects with words when there is no answer */
export type Query = (promql: string) => Promise<readonly number[]>;

/** Labels of an alert that may stand in a precondition or in what is sent, as `$model`. */
export const TEMPLATE_LABELS = [
  ...['namespace', 'model', 'server', 'pipeline', 'experiment', 'platform', 'cluster'],
  ...['alertname', 'severity', 'owner', 'feature', 'version'],
] as const;
const PLACEHOLDER = /\$([a-z_]+)/g;

/** Names of placeholders that there are not. */
export function unknownPlaceholders(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .filter((name) => !(TEMPLATE_LABELS as readonly string[]).includes(name));
}

/** Labels in place of their names; one that the alert lacks is empty, as in PromQL. */
export function filled(text: string, labels: Readonly<Record<string, string>>, escape: (value: string) => string) {
  return text.replace(PLACEHOLDER, (_, name: string) => escape(labels[name] ?? ''));
}

/** Between double quotes of PromQL. */
const escaped = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

/** Labels that relabelling on the way to Alertmanager leaves alone, of those that tell models apart. */
const FIRING_LABELS = ['namespace', 'model', 'server', 'pipeline'] as const;

function firingQuery({ labels }: Intent['alert']): string {
  const matchers = FIRING_LABELS.filter((name) => labels[name] !== undefined).map(
    (name) => `${name}="${escaped(labels[name] ?? '')}"`
  );
  return `ALERTS{${[`alertname="${escaped(labels['alertname'] ?? '')}"`, 'alertstate="firing"', ...matchers].join(',')}}`;
}

/** @returns why nothing may be done, if so. Never rejects. */
export async function doubt({ policy, alert }: Intent, query: Query | undefined): Promise<Refusal | undefined> {
  if (policy.precondition !== undefined) {
    const promql = filled(policy.precondition, alert.labels, escaped);
    const values = await asked(query, promql);
    if (typeof values === 'string') return { reason: 'no_evidence', text: `precondition: ${values}` };
    if (values.length === 0 || values.some(Number.isNaN)) {
      return { reason: 'no_evidence', text: `precondition: expected values above 0, got no data from ${promql}` };
    }
    if (values.some((value) => value <= 0)) {
      return {
        reason: 'precondition',
        text: `expected values above 0, got ${values.slice(0, 5).join(', ')} from ${promql}`,
      };
    }
  }
  if (!policy.stillFiring) return undefined;
  if (alert.sender === 'grafana') {
    // Its alerts are not in Prometheus, which then has nothing to say of them.
    if (policy.precondition !== undefined) return undefined;
    return { reason: 'no_evidence', text: 'an alert of Grafana needs a precondition, or stillFiring: false' };
  }
  const promql = firingQuery(alert);
  const values = await asked(query, promql);
  if (typeof values === 'string') return { reason: 'no_evidence', text: `whether it still fires: ${values}` };
  return values.length > 0
    ? undefined
    : { reason: 'resolved', text: `Prometheus does not call it firing now: ${promql}` };
}

async function asked(query: Query | undefined, promql: string): Promise<readonly number[] | string> {
  if (query === undefined) return 'there is no Prometheus to ask (prometheus.url)';
  try {
    return await query(promql);
  } catch (error) {
    return `Prometheus does not answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}
