/** What the config page's health check says: pure, so that every broken half has its sentence in a test. */
import type { Status } from '@modelwatch/contract';
import type { CheckName } from '../query/checks';

/** The numbers of the checks (undefined: nothing found), or why Prometheus could not be asked. */
export type PrometheusFindings =
  { readonly counts: Readonly<Partial<Record<CheckName, number>>> } | { readonly error: string };

/** What the exporter's API says of itself, or why it could not be asked. */
export type ApiFindings = { readonly status: Status } | { readonly error: string } | 'not configured';

/** One half of the data source: whether it works, and the sentence to show. */
interface Half {
  readonly ok: boolean;
  readonly text: string;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function judgePrometheus(findings: PrometheusFindings): Half {
  if ('error' in findings) return { ok: false, text: `Prometheus: ${findings.error}` };
  const { exporters = 0, models = 0, renamedModels = 0, health = 0 } = findings.counts;
  if (!exporters && !models && !health) {
    return {
      ok: false,
      text: 'Prometheus answers but has no Modelwatch series: it does not scrape an exporter yet.',
    };
  }
  if (renamedModels) {
    return {
      ok: false,
      text:
        `Prometheus has renamed the labels of ${plural(renamedModels, 'model')} (exported_namespace): ` +
        'set honor_labels: true (honorLabels in a ServiceMonitor) where the exporter is scraped.',
    };
  }
  if (!health && models) {
    return {
      ok: false,
      text: `Prometheus has ${plural(models, 'model')} but no recorded health: the Modelwatch rules are not loaded.`,
    };
  }
  if (!health) {
    return { ok: true, text: `Prometheus scrapes ${plural(exporters, 'exporter')}, which reports no model yet.` };
  }
  return { ok: true, text: `Prometheus has the health of ${plural(health, 'model')}.` };
}

function judgeApi(findings: ApiFindings): Half {
  if (findings === 'not configured') {
    return { ok: true, text: "No exporter's API is set: reasons are shown without details." };
  }
  if ('error' in findings) return { ok: false, text: `Exporter: ${findings.error}.` };
  const { ready, version, sources } = findings.status;
  if (ready) return { ok: true, text: `Exporter ${version} is ready.` };
  const waiting = sources
    .filter(({ required, state }) => required && state !== 'synced')
    .map(({ title, state, message }) => `${title} is ${state}${message ? ` (${message})` : ''}`);
  return { ok: false, text: `Exporter ${version} is not ready${waiting.length ? `: ${waiting.join('; ')}` : ''}.` };
}

export interface Verdict {
  readonly status: 'success' | 'error';
  readonly message: string;
}

/** Both halves in one message, the broken one first. */
export function judge(prometheus: PrometheusFindings, api: ApiFindings): Verdict {
  const halves = [judgePrometheus(prometheus), judgeApi(api)];
  const inOrder = [...halves.filter(({ ok }) => !ok), ...halves.filter(({ ok }) => ok)];
  return {
    status: halves.every(({ ok }) => ok) ? 'success' : 'error',
    message: inOrder.map(({ text }) => text).join(' '),
  };
}
