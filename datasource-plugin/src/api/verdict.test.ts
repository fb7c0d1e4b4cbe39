import type { Status } from '@modelwatch/contract';
import { judge, type ApiFindings, type PrometheusFindings } from './verdict';

const good: PrometheusFindings = { counts: { exporters: 1, models: 24, health: 24 } };
const status: Status = {
  version: '0.1.0',
  startedAtSeconds: 0,
  ready: true,
  healthSource: 'prometheus',
  sources: [],
};
const pods = {
  source: 'pods',
  title: 'Pods',
  state: 'failing',
  required: true,
  objects: 0,
  message: 'HTTP 403',
} as const;

describe('the health check', () => {
  it('succeeds when both halves work', () => {
    expect(judge(good, { status })).toEqual({
      status: 'success',
      message: 'Prometheus has the health of 24 models. Exporter 0.1.0 is ready.',
    });
  });

  it.each<[string, PrometheusFindings, ApiFindings, string]>([
    ['Prometheus fails', { error: 'connection refused' }, { status }, 'Prometheus: connection refused'],
    ['nothing is scraped', { counts: {} }, { status }, 'Prometheus answers but has no Modelwatch series'],
    [
      'the scrape renames labels',
      { counts: { exporters: 1, models: 2, renamedModels: 2, health: 1 } },
      { status },
      'Prometheus has renamed the labels of 2 models (exported_namespace): set honor_labels: true',
    ],
    [
      'the rules are not loaded',
      { counts: { exporters: 1, models: 1 } },
      { status },
      'Prometheus has 1 model but no recorded health: the Modelwatch rules are not loaded.',
    ],
    ['the API fails', good, { error: 'no route' }, 'Exporter: no route.'],
    [
      'the exporter is not ready',
      good,
      { status: { ...status, ready: false, sources: [pods] } },
      'Exporter 0.1.0 is not ready: Pods is failing (HTTP 403).',
    ],
  ])('names the broken half first when %s', (_what, prometheus, api, start) => {
    const verdict = judge(prometheus, api);
    expect(verdict.status).toBe('error');
    expect(verdict.message.startsWith(start)).toBe(true);
  });

  it('works without an API and says what is missed', () => {
    expect(judge(good, 'not configured')).toEqual({
      status: 'success',
      message: "Prometheus has the health of 24 models. No exporter's API is set: reasons are shown without details.",
    });
  });

  it('is no fault while the exporter has no model', () => {
    expect(judge({ counts: { exporters: 1 } }, { status }).status).toBe('success');
  });
});
