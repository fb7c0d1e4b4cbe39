/** Channels of errors and latency, and the alerts on them. */
import type { Expectation, RuleVector } from '../../support/promtool';
import { A, B, EVERYTHING, healthIs, says, STEPS, tell, values } from './story';

const REPLICA = 'namespace="ns", model="m", replica="p-0", version="1"';
const ID = 'model="m", namespace="ns"';
const requests = (outcome: string, target = A, replica = REPLICA) =>
  `modelwatch_inference_requests_total{${replica}, outcome="${outcome}", ${target}}`;
const serving = (steps = STEPS) => tell({ states: [['serving', steps]] });

/** At `at` the channel has exactly this status; none: it is absent. */
function channelIs(channel: string, at: string, status?: string): Expectation {
  const name = 'modelwatch:model_channel';
  const samples = status ? { [`${name}{channel="${channel}", ${ID}, status="${status}"}`]: 1 } : {};
  return { expr: `${name}{channel="${channel}"}`, at, samples };
}
const errorsAre = (at: string, status?: string) => channelIs('errors', at, status);
const latencyIs = (at: string, status?: string) => channelIs('latency', at, status);
const valueIs = (series: string, at: string, value: number): Expectation => ({
  expr: `round(${series}, 0.0001)`,
  at,
  samples: { [`{${ID}}`]: value },
});

/** A counter that rises by so much a step, for so many steps, and then by the next. */
function rises(...parts: readonly (readonly [perStep: number, steps: number])[]): string {
  let value = 0;
  return parts.flatMap(([perStep, steps]) => Array.from({ length: steps }, () => String((value += perStep)))).join(' ');
}

const OTHER = 'namespace="ns", model="m", replica="p-1", version="1"';
const ready = (replica: string) =>
  `modelwatch_endpoint_model_ready{namespace="ns", model="m", replica="${replica}", ${A}}`;
const listed = (replica: string) =>
  `modelwatch_endpoint_scrape_target{namespace="ns", server="s", replica="${replica}", ${A}}`;
const scrapes = (replica: string) =>
  `up{job="servers", instance="${replica}:8080", namespace="ns", replica="${replica}", modelwatch_server="mlserver"}`;
const NOT_SCRAPED = {
  summary: 'Prometheus does not scrape all model servers in ns',
  description:
    'The exporter leaves the metrics of its servers to Prometheus, which does not read those of some replicas: their requests, errors and durations are in no figure.',
  runbook_url: 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/ModelwatchServerNotScraped.md',
};
const silentAfter20 = (value: number) =>
  values([
    [value, 20],
    ['stale', 30],
  ]);

const bucket = (le: string, replica = 'p-0', target = A) =>
  `modelwatch_inference_duration_seconds_bucket{namespace="ns", model="m", replica="${replica}", version="1", le="${le}", ${target}}`;
const count = (replica = 'p-0', target = A) =>
  `modelwatch_inference_duration_seconds_count{namespace="ns", model="m", replica="${replica}", version="1", ${target}}`;
const threshold = (le: string, target = A) =>
  `modelwatch_model_slow_threshold_seconds{namespace="ns", model="m", le="${le}", ${target}}`;

export const TRAFFIC_VECTORS: readonly RuleVector[] = [
  {
    name: 'errors: a verdict only from enough requests; quiet is healthy, one failure in 50 a warning, one in 10 critical',
    input: {
      ...serving(100),
      ...says('p-0', EVERYTHING, A, (value) => `${value}x100`),
      // 20 requests in five minutes, then 1,000, of which a share fails.
      [requests('success')]: rises([2, 20], [100, 20], [98, 20], [90, 20], [100, 20]),
      [requests('server_error')]: rises([0, 40], [2, 20], [10, 20], [0, 20]),
    },
    expect: [
      errorsAre('9m', 'too_little_data'),
      ...healthIs('9m', 'healthy'),
      errorsAre('19m', 'ok'),
      ...healthIs('19m', 'healthy'),
      valueIs('modelwatch:inference_errors_ratio:5m', '29m', 0.02),
      errorsAre('29m', 'warning'),
      ...healthIs('29m', 'degraded'),
      valueIs('modelwatch:inference_server_errors_ratio:5m', '39m', 0.1),
      errorsAre('39m', 'critical'),
      ...healthIs('39m', 'degraded'),
      errorsAre('49m', 'ok'),
    ],
    alerts: [
      { alert: 'ModelwatchModelErrors', at: '29m', firing: [] },
      {
        alert: 'ModelwatchModelErrors',
        at: '39m',
        firing: [
          {
            labels: { namespace: 'ns', model: 'm', severity: 'critical' },
            annotations: {
              summary: 'ns/m answers with errors',
              description: 'Too many requests to this model fail, and not by the fault of those who ask.',
              runbook_url: 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/ModelwatchModelErrors.md',
            },
          },
        ],
      },
      { alert: 'ModelwatchModelErrors', at: '49m', firing: [] },
    ],
  },
  {
    name: 'errors of the client are none of the model; a failure that nobody can lay to either side counts',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING),
      [requests('success')]: '0+80x50',
      [requests('client_error')]: '0+17x50',
      [requests('unknown')]: '0+3x50',
    },
    expect: [
      valueIs('modelwatch:inference_client_errors_ratio:5m', '10m', 0.17),
      valueIs('modelwatch:inference_unknown_errors_ratio:5m', '10m', 0.03),
      valueIs('modelwatch:inference_server_errors_ratio:5m', '10m', 0),
      valueIs('modelwatch:inference_errors_ratio:5m', '10m', 0.03),
      errorsAre('10m', 'warning'),
    ],
  },
  {
    name: 'a server that does not tell the side of a failure has no share of either, but one of all',
    input: {
      ...serving(),
      ...says('p-0', ['outcomes']),
      [requests('success')]: '0+80x50',
      [requests('unknown')]: '0+20x50',
    },
    expect: [
      { expr: 'modelwatch:inference_client_errors_ratio:5m', at: '10m', samples: {} },
      { expr: 'modelwatch:inference_server_errors_ratio:5m', at: '10m', samples: {} },
      valueIs('modelwatch:inference_errors_ratio:5m', '10m', 0.2),
      errorsAre('10m', 'critical'),
    ],
  },
  {
    name: 'a server that does not count failures has no errors at all, neither 0 nor 1; one such replica is enough',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING),
      ...says('p-1', []),
      [requests('success')]: '0+80x50',
      [requests('unknown', A, 'namespace="ns", model="m", replica="p-1", version="1"')]: '0+20x50',
    },
    expect: [
      { expr: 'modelwatch:inference_errors_ratio:5m', at: '10m', samples: {} },
      { expr: 'modelwatch:inference_version_errors_ratio:5m', at: '10m', samples: {} },
      { expr: 'modelwatch:inference_unknown_errors_ratio:5m', at: '10m', samples: {} },
      errorsAre('10m'),
      ...healthIs('10m', 'healthy'),
    ],
  },
  {
    name: 'a model whose metrics go silent is stale, not green; with the news of them it has a verdict again',
    input: {
      ...serving(80),
      ...says('p-0', EVERYTHING, A, (value) =>
        values([
          [value, 20],
          ['stale', 30],
          [value, 30],
        ])
      ),
      [requests('success')]: `${rises([100, 20])} ${values([['stale', 30]])} ${rises([100, 30])}`,
    },
    expect: [
      errorsAre('9m30s', 'ok'),
      // One lost scrape is no silence.
      errorsAre('10m30s', 'ok'),
      errorsAre('12m', 'stale'),
      ...healthIs('13m', 'stale'),
      errorsAre('24m', 'stale'),
      errorsAre('32m', 'ok'),
      ...healthIs('33m', 'healthy'),
    ],
  },
  {
    name: 'a replica of which nobody knows what it can say leaves the verdict to the others',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING),
      ...says('p-1', EVERYTHING, A, silentAfter20),
      [ready('p-1')]: `1x${STEPS}`,
      [requests('success')]: '0+80x50',
      [requests('server_error')]: '0+20x50',
      [requests('success', A, OTHER)]: `${rises([100, 20])} ${values([['stale', 30]])}`,
    },
    expect: [errorsAre('9m30s', 'critical'), errorsAre('13m', 'critical'), errorsAre('20m', 'critical')],
  },
  {
    name: 'the only replica of which nobody knows what it can say makes the model stale, though it is ready',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING, A, silentAfter20),
      [ready('p-0')]: `1x${STEPS}`,
      [requests('success')]: `${rises([90, 20])} ${values([['stale', 30]])}`,
      [requests('server_error')]: `${rises([10, 20])} ${values([['stale', 30]])}`,
    },
    expect: [errorsAre('9m30s', 'critical'), errorsAre('12m', 'stale'), ...healthIs('13m', 'stale')],
  },
  {
    name: 'errors that were seen do not turn green because one of two replicas can no longer tell them',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING),
      ...says('p-1', EVERYTHING, A, (value) =>
        values([
          [value, 20],
          [0, 30],
        ])
      ),
      [ready('p-1')]: `1x${STEPS}`,
      [requests('success')]: '0+80x50',
      [requests('server_error')]: '0+20x50',
      [requests('success', A, OTHER)]: `${rises([100, 20])} ${values([['stale', 30]])}`,
    },
    expect: [errorsAre('9m30s', 'critical'), errorsAre('13m', 'stale'), ...healthIs('20m', 'stale')],
  },
  {
    name: 'a model that moved to a server that does not count failures has no errors any more, and is not stale for ever',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING, A, silentAfter20),
      ...says('p-1', [], A, () =>
        values([
          ['_', 18],
          [0, 32],
        ])
      ),
      [ready('p-0')]: silentAfter20(1),
      [ready('p-1')]: values([
        ['_', 18],
        [1, 32],
      ]),
      [requests('success')]: `${rises([80, 20])} ${values([['stale', 30]])}`,
      [requests('server_error')]: `${rises([20, 20])} ${values([['stale', 30]])}`,
      [requests('unknown', A, OTHER)]: `${values([['_', 18]])} ${rises([100, 32])}`,
    },
    // While both are there, one of them cannot tell.
    expect: [
      errorsAre('8m30s', 'critical'),
      errorsAre('9m30s', 'stale'),
      errorsAre('13m'),
      ...healthIs('14m', 'healthy'),
    ],
  },
  {
    name: 'nothing is asked of a model that is scaled to zero, and a deleted one has no channel',
    input: {
      ...tell({
        states: [
          ['serving', 20],
          ['idle', 20],
          ['gone', 20],
        ],
        synced: [[1, 60]],
      }),
      ...says('p-0', EVERYTHING, A, (value) =>
        values([
          [value, 20],
          ['stale', 40],
        ])
      ),
      [requests('success')]: `${rises([100, 20])} ${values([['stale', 40]])}`,
    },
    expect: [errorsAre('9m30s', 'ok'), errorsAre('14m'), ...healthIs('14m', 'idle'), errorsAre('24m')],
  },
  {
    name: 'a restarted server that was not asked yet is heard of: too little data, not stale',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING),
      [`modelwatch_endpoint_model_ready{namespace="ns", model="m", replica="p-0", ${A}}`]: `1x${STEPS}`,
      [requests('success')]: `${rises([100, 20])} ${values([['stale', 30]])}`,
    },
    expect: [errorsAre('9m30s', 'ok'), errorsAre('18m', 'too_little_data'), ...healthIs('18m', 'healthy')],
  },
  {
    name: 'latency: the share over the threshold, of the replicas that have its bound, counted once for two exporters',
    input: {
      ...serving(),
      ...tell({ target: B, states: [['serving', STEPS]] }),
      ...says('p-0', EVERYTHING),
      ...says('p-1', EVERYTHING),
      [requests('success')]: '0+100x50',
      [threshold('0.3')]: `0.25x${STEPS}`,
      [threshold('0.3', B)]: `0.25x${STEPS}`,
      ...Object.fromEntries(
        [A, B].flatMap((target) => [
          [bucket('0.1', 'p-0', target), '0+50x50'],
          [bucket('0.3', 'p-0', target), '0+70x50'],
          [bucket('1.0', 'p-0', target), '0+90x50'],
          [bucket('+Inf', 'p-0', target), '0+100x50'],
          [count('p-0', target), '0+100x50'],
        ])
      ),
      // Nobody knows how many of these were slow.
      [bucket('+Inf', 'p-1')]: '0+900x50',
      [count('p-1')]: '0+900x50',
    },
    expect: [valueIs('modelwatch:inference_slow_ratio:5m', '10m', 0.3), latencyIs('10m', 'critical')],
    alerts: [
      { alert: 'ModelwatchModelSlow', at: '4m', firing: [] },
      {
        alert: 'ModelwatchModelSlow',
        at: '10m',
        firing: [
          {
            labels: { namespace: 'ns', model: 'm', severity: 'warning' },
            annotations: {
              summary: 'ns/m answers slowly',
              description:
                'Too many requests to this model take longer than the duration that its configuration calls slow.',
              runbook_url: 'https://github.com/modelwatch/modelwatch/blob/main/docs/runbooks/ModelwatchModelSlow.md',
            },
          },
        ],
      },
    ],
  },
  {
    name: 'latency: warning from one in twenty, and stale in silence',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING, A, (value) =>
        values([
          [value, 20],
          ['stale', 30],
        ])
      ),
      [requests('success')]: `${rises([100, 20])} ${values([['stale', 30]])}`,
      [threshold('0.3')]: values([
        [0.25, 20],
        ['stale', 30],
      ]),
      [threshold('')]: values([
        ['_', 20],
        [0.25, 30],
      ]),
      [bucket('0.3')]: `${rises([90, 20])} ${values([['stale', 30]])}`,
      [bucket('+Inf')]: `${rises([100, 20])} ${values([['stale', 30]])}`,
      [count()]: `${rises([100, 20])} ${values([['stale', 30]])}`,
    },
    expect: [latencyIs('9m30s', 'warning'), latencyIs('13m', 'stale'), latencyIs('20m', 'stale')],
  },
  {
    name: 'latency is absent without a threshold, and where the server has no bucket for it',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING),
      [requests('success')]: '0+100x50',
      [threshold('')]: `0.25x${STEPS}`,
      [bucket('0.3')]: '0+70x50',
      [bucket('+Inf')]: '0+100x50',
      [count()]: '0+100x50',
    },
    expect: [{ expr: 'modelwatch:inference_slow_ratio:5m', at: '10m', samples: {} }, latencyIs('10m')],
  },
  {
    name: 'errors: servers that can say it and of which no request arrives, as nobody scrapes them, are never ok',
    input: {
      ...serving(100),
      ...says('p-0', EVERYTHING, A, (value) => `${value}x100`),
      [ready('p-0')]: '1x100',
      [ready('p-1')]: '1x100',
      ...says('p-1', EVERYTHING, A, (value) => `${value}x100`),
    },
    expect: [errorsAre('10m', 'too_little_data'), errorsAre('40m', 'too_little_data')],
  },
  {
    name: 'errors: a server that is not scraped any more loses its verdict, though it is there and could say more',
    input: {
      ...serving(100),
      ...says('p-0', EVERYTHING, A, (value) => `${value}x100`),
      [ready('p-0')]: '1x100',
      [requests('success')]: `${rises([100, 20])} ${values([['stale', 80]])}`,
    },
    expect: [errorsAre('9m', 'ok'), errorsAre('16m', 'too_little_data'), errorsAre('40m', 'too_little_data')],
  },
  {
    name: 'errors: a replica that Prometheus should scrape and does not makes its model stale, whatever the others say',
    input: {
      ...serving(100),
      ...says('p-0', EVERYTHING, A, (value) => `${value}x100`),
      ...says('p-1', EVERYTHING, A, (value) => `${value}x100`),
      [ready('p-0')]: '1x100',
      [ready('p-1')]: '1x100',
      [listed('p-0')]: '1x100',
      [listed('p-1')]: '1x100',
      [scrapes('p-0')]: '1x100',
      [scrapes('p-1')]: values([
        [1, 20],
        [0, 40],
        [1, 40],
      ]),
      [requests('success')]: '0+100x100',
      [requests('success', A, OTHER)]: `${rises([100, 20])} ${values([['stale', 40]])} ${rises([100, 40])}`,
    },
    expect: [
      errorsAre('9m30s', 'ok'),
      // One lost scrape is no silence.
      errorsAre('10m30s', 'ok'),
      errorsAre('12m', 'stale'),
      ...healthIs('13m', 'stale'),
      errorsAre('29m', 'stale'),
      errorsAre('32m', 'ok'),
      ...healthIs('33m', 'healthy'),
    ],
    alerts: [
      { alert: 'ModelwatchServerNotScraped', at: '15m', firing: [] },
      {
        alert: 'ModelwatchServerNotScraped',
        at: '17m',
        firing: [
          {
            labels: { namespace: 'ns', severity: 'warning' },
            annotations: NOT_SCRAPED,
          },
        ],
      },
      { alert: 'ModelwatchServerNotScraped', at: '33m', firing: [] },
    ],
  },
  {
    name: 'errors: a replica that is new under /sd is waited for, and one that the exporter polls is not missed',
    input: {
      ...serving(100),
      ...['p-0', 'p-1', 'p-2'].reduce((all, replica) => ({ ...all, ...says(replica, EVERYTHING) }), {}),
      [requests('success')]: '0+100x50',
      [listed('p-0')]: '1x50',
      [scrapes('p-0')]: '1x50',
      [listed('p-1')]: '_x20 1x30',
      [ready('p-1')]: '_x20 1x30',
      [scrapes('p-1')]: '_x24 1x26',
      [requests('success', A, OTHER)]: '_x24 0+100x26',
      // Polled by the exporter: nothing is listed, and nothing is missed.
      [ready('p-2')]: '1x50',
    },
    expect: [errorsAre('9m30s', 'ok'), errorsAre('11m', 'ok'), errorsAre('13m', 'ok'), errorsAre('20m', 'ok')],
    alerts: [{ alert: 'ModelwatchServerNotScraped', at: '24m', firing: [] }],
  },
  {
    name: 'errors: a model whose replicas are no targets at all has too little data, and then is stale, never ok',
    input: {
      ...serving(),
      ...says('p-0', EVERYTHING),
      [ready('p-0')]: `1x${STEPS}`,
      [listed('p-0')]: `1x${STEPS}`,
    },
    expect: [errorsAre('2m', 'too_little_data'), errorsAre('5m', 'stale'), ...healthIs('6m', 'stale')],
    alerts: [
      {
        alert: 'ModelwatchServerNotScraped',
        at: '10m',
        firing: [{ labels: { namespace: 'ns', severity: 'warning' }, annotations: NOT_SCRAPED }],
      },
    ],
  },
];
