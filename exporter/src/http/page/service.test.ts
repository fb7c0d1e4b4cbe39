import type { InferenceCapability } from '@modelwatch/contract';
import { inferenceSample } from '../../domain/testing/builders';
import type { EndpointView, ModelEndpointView, ModelView } from '../../domain/views';
import { modelView, NOW, serve, snapshotOf } from '../fleet.fixture';
import type { HealthReader } from '../health';
import { serviceFigures } from './service';

const MLSERVER: InferenceCapability[] = ['requests', 'outcomes', 'versions', 'duration'];
const [known] = modelView('payments', 'm').endpoints;

const replica = (name: string, inference?: ModelEndpointView['inference']): ModelEndpointView => {
  const { inference: _, ...rest } = known!;
  return { ...rest, replica: name, ...(inference ? { inference } : {}) };
};
const endpoint = (name: string, capabilities?: InferenceCapability[], ago = 4): [string, EndpointView] => {
  const key = `payments/mlserver/${name}`;
  const ref = { namespace: 'payments', server: 'mlserver', replica: name };
  return [
    key,
    { ...ref, key, up: true, ready: true, lastProbeSeconds: NOW - ago, ...(capabilities ? { capabilities } : {}) },
  ];
};
const counted = (version: string, requests: object, sum: number, count: number) =>
  inferenceSample('m', version, { requests, histograms: { duration: { buckets: [], sum, count } } });

describe('figures of a model', () => {
  it('adds up replicas and versions', () => {
    const endpoints = [
      replica('r-0', [counted('1', { success: 90, unknown: 10 }, 2, 100), counted('2', { success: 20 }, 2, 20)]),
      replica('r-1', [counted('1', { success: 30 }, 1, 30)]),
    ];
    const records = new Map([endpoint('r-0', MLSERVER), endpoint('r-1', MLSERVER, 9)]);
    expect(serviceFigures({ endpoints }, records)).toEqual({
      versions: ['1', '2'],
      measured: 2,
      endpoints: 2,
      requests: 150,
      errors: 10,
      meanSeconds: 5 / 150,
      lastProbeSeconds: NOW - 9,
    });
  });

  it('tells none yet from nothing told', () => {
    const of = (capabilities?: InferenceCapability[]) =>
      serviceFigures({ endpoints: [replica('r-0')], version: '7' }, new Map([endpoint('r-0', capabilities)]));
    expect(of(MLSERVER)).toMatchObject({ requests: 0, errors: 0, versions: ['7'], measured: 1 });
    expect(of(['requests', 'outcomes', 'error_sides'])).toMatchObject({ clientErrors: 0 });
    for (const silent of [of(), of([])]) {
      for (const name of ['requests', 'errors', 'clientErrors', 'meanSeconds']) expect(silent).not.toHaveProperty(name);
    }
  });

  it('counts no requests of a model that no server has', () => {
    const endpoints = [{ ...replica('r-0'), modelReady: false }];
    const figures = serviceFigures({ endpoints }, new Map([endpoint('r-0', MLSERVER)]));
    expect(figures).toMatchObject({ measured: 1 });
    for (const name of ['requests', 'errors']) expect(figures).not.toHaveProperty(name);
  });

  it('does not take requests of unknown outcome for errors, nor speak for a replica that cannot', () => {
    const endpoints = [replica('r-0', [counted('', { unknown: 40 }, 1, 40)]), replica('r-1')];
    const one = new Map([endpoint('r-0', ['requests', 'duration']), endpoint('r-1')]);
    const figures = serviceFigures({ endpoints }, one);
    expect(figures).toMatchObject({ requests: 40, measured: 1, endpoints: 2 });
    expect(figures).not.toHaveProperty('errors');
    const [key, record] = endpoint('r-0', MLSERVER);
    const unknown = new Map([[key, { ...record, unknownCapabilities: ['outcomes' as const] }]]);
    expect(serviceFigures({ endpoints }, unknown)).not.toHaveProperty('errors');
  });
});

describe('section of the landing page', () => {
  const view: ModelView = {
    ...modelView('payments', 'm'),
    endpoints: [replica('r-0', [counted('3', { success: 1234 }, 61.7, 1234)])],
  };
  const records = new Map([endpoint('r-0', MLSERVER)]);

  async function page(override: Parameters<typeof serve>[1] = {}) {
    const server = await serve(snapshotOf([view], { endpoints: records }), override);
    const text = await (await fetch(`${server.url}/`)).text();
    await server.stop(0);
    return text.replaceAll('\u00a0', ' ');
  }

  it('shows the counters where there is no Prometheus, and a dash for what no server says', async () => {
    const html = await page();
    const section = /<section aria-labelledby="service">[^]*?<\/section>/.exec(html)?.[0] ?? '';
    const cells = [...section.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell = '']) =>
      cell
        .replace(/<[^>]+>/g, '')
        .replace(/\s+/g, ' ')
        .trim()
    );
    expect(cells).toEqual(['m payments, seldon', '3', '1,234', '0', '–', '50 ms', '4 s ago']);
    expect(section).toContain('href="/api/v1/models/payments/m"');
    expect(section).toContain('aria-label="not told by the server"');
  });

  it('leaves them out where Prometheus answers', async () => {
    const health: HealthReader = {
      status: () => ({ source: 'prometheus', readAtSeconds: NOW }),
      of: () => ({ health: 'healthy', source: 'prometheus' }),
      poll: () => Promise.resolve(),
      start: () => undefined,
      stop: () => undefined,
    };
    expect(await page({ health })).not.toContain('Requests so far');
  });
});
