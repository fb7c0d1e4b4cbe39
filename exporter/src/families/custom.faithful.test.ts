/** The shipped mappings against objects in the shape that KubeRay and the NIM operator write: each state, its whole text. */
import { OF_WORKLOADS } from './workloads.fixture';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVING_STATES, type ServingReason, type ServingState } from '@modelwatch/contract';
import { previewObjects, type Preview } from '../cli/preview';
import { loadConfig } from '../config/load';

const SHIPPED = join(__dirname, '../../../provisioning/kubernetes/custom-resources');
const files = ['rayservice', 'nimservice'].map((name) => join(SHIPPED, `${name}.yaml`));
const { config } = loadConfig({ env: {}, flags: { 'kubernetes.custom-resource-files': files } });
const MAPPINGS = config.kubernetes.customResources;

const NOW = 1_787_220_000;
const CREATED = Date.parse('2026-08-20T09:00:00Z') / 1000;
const at = (minute: number) => CREATED + 60 * minute;

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, 'fixtures', 'custom', `${name}.json`), 'utf8')) as unknown;
const look = (...names: readonly string[]): Preview => previewObjects(MAPPINGS, names.map(fixture), NOW);

/** Totals are counted elsewhere; what is shown of models and servers is compared line by line. */
const linesOf = ({ lines }: Preview) =>
  lines.filter((line) => /^modelwatch_(model|server)_/.test(line) && !OF_WORKLOADS.test(line));

interface Expected {
  readonly kind: 'model' | 'server';
  readonly namespace: string;
  readonly name: string;
  readonly info: string;
  readonly state: ServingState;
  readonly reason?: ServingReason;
  readonly conditions?: Readonly<Record<string, 'True' | 'False'>>;
  readonly transition?: number | undefined;
  readonly more?: readonly string[];
}

/** Every line of one model or server, in full. */
function text(expected: Expected): string[] {
  const { kind, namespace, name, info, state, reason, conditions = {}, transition, more = [] } = expected;
  const id = `namespace="${namespace}",${kind}="${name}"`;
  const family = (suffix: string, labels = '') => `modelwatch_${kind}_${suffix}{${id}${labels}}`;
  return [
    `${family('info', `,platform="custom",${info}`)} 1`,
    ...SERVING_STATES.map((each) => `${family('serving', `,state="${each}"`)} ${each === state ? 1 : 0}`),
    ...(reason ? [`${family('serving_reason', `,reason="${reason}"`)} 1`] : []),
    ...Object.entries(conditions).flatMap(([condition, holds]) =>
      ['True', 'False', 'Unknown'].map(
        (status) => `${family('condition', `,condition="${condition}",status="${status}"`)} ${status === holds ? 1 : 0}`
      )
    ),
    `${family('last_observed_timestamp_seconds')} ${NOW}`,
    `${family('created_timestamp_seconds')} ${CREATED}`,
    ...(transition === undefined ? [] : [`${family('last_transition_timestamp_seconds')} ${transition}`]),
    ...more.map((line) =>
      line.replace(
        /^(\w+)\{?([^}]*)\}? /,
        (_, suffix: string, labels: string) => `${family(suffix, labels && `,${labels}`)} `
      )
    ),
  ];
}

const WELL = { Ready: 'True', other: 'True' } as const;
type Part = Partial<Expected> & Pick<Expected, 'state'>;
const rayModel = (application: string, part: Part): string[] =>
  text({
    kind: 'model',
    namespace: 'ray',
    name: `llm-${application}`,
    info: 'server="llm",runtime="ray-serve",version="2.46.0",owner="search",importance=""',
    conditions: WELL,
    transition: at(10),
    ...part,
  });
const rayServer = (part: Part): string[] =>
  text({
    kind: 'server',
    namespace: 'ray',
    name: 'llm',
    info: 'runtime="ray-serve",server_type="ray_serve"',
    conditions: WELL,
    transition: at(10),
    ...part,
  });
const nim = (part: Part): string[] =>
  text({
    kind: 'model',
    namespace: 'nim',
    name: 'llama',
    info: 'server="",runtime="nim",version="1.8.0",owner="",importance=""',
    conditions: WELL,
    transition: at(10),
    ...part,
  });

const NOT_WELL = { Ready: 'False', other: 'True' } as const;
const SHOWN: readonly [string, readonly string[], readonly string[]][] = [
  [
    'two Ray applications that run',
    ['ray-running'],
    [
      ...rayServer({ state: 'serving' }),
      ...rayModel('embed', { state: 'serving' }),
      ...rayModel('rank', { state: 'serving' }),
    ],
  ],
  [
    'one of two Ray applications that cannot be deployed, while the service itself says Ready',
    ['ray-deploy-failed'],
    [
      ...rayServer({ state: 'serving' }),
      ...rayModel('embed', { state: 'serving' }),
      ...rayModel('rank', { state: 'failed', reason: 'load_failed' }),
    ],
  ],
  [
    'a Ray application that became unhealthy',
    ['ray-unhealthy'],
    [...rayServer({ state: 'serving' }), ...rayModel('embed', { state: 'failed', reason: 'runtime_unhealthy' })],
  ],
  [
    'a Ray service that starts, its application on the pending cluster',
    ['ray-initializing'],
    [
      ...rayServer({ state: 'progressing', reason: 'loading', conditions: NOT_WELL }),
      ...rayModel('embed', { state: 'progressing', reason: 'loading', conditions: NOT_WELL }),
    ],
  ],
  [
    'a Ray service that moves to a new cluster while the old one serves',
    ['ray-upgrading'],
    [
      ...rayServer({
        state: 'progressing',
        reason: 'rolling_out',
        conditions: { Ready: 'True', other: 'False' },
        transition: at(18),
      }),
      ...rayModel('embed', {
        state: 'progressing',
        reason: 'rolling_out',
        conditions: { Ready: 'True', other: 'False' },
        transition: at(18),
      }),
    ],
  ],
  [
    'a Ray service whose endpoints are gone, its application still RUNNING in its own words',
    ['ray-zero-endpoints'],
    [
      ...rayServer({ state: 'failed', reason: 'no_replicas_available', conditions: NOT_WELL, transition: at(19) }),
      ...rayModel('embed', {
        state: 'failed',
        reason: 'no_replicas_available',
        conditions: NOT_WELL,
        transition: at(19),
      }),
    ],
  ],
  [
    'a Ray service that was suspended',
    ['ray-suspended'],
    [...rayServer({ state: 'idle', reason: 'stopped', conditions: { Ready: 'False', other: 'False' } })],
  ],
  [
    'a Ray service of v1alpha1, without conditions',
    ['ray-v1alpha1'],
    [
      ...rayServer({ state: 'serving', conditions: {}, transition: undefined }),
      ...rayModel('embed', { state: 'serving', conditions: {}, transition: undefined }),
    ],
  ],
  [
    'a Ray service that no controller has looked at',
    ['ray-no-status'],
    [...rayServer({ state: 'unknown', reason: 'no_status', conditions: {}, transition: undefined })],
  ],
  [
    'a Ray service that waits for its finalizer',
    ['ray-deleting'],
    [
      ...rayServer({ state: 'progressing', reason: 'terminating' }),
      ...rayModel('embed', { state: 'progressing', reason: 'terminating' }),
    ],
  ],
  [
    'a Ray service whose status is about an older specification',
    ['ray-old-status'],
    [
      ...rayServer({ state: 'progressing', reason: 'rolling_out' }),
      ...rayModel('embed', { state: 'progressing', reason: 'rolling_out' }),
    ],
  ],
  [
    'the pods of a Ray cluster, by the label that names it',
    ['ray-running', 'ray-pod-head'],
    [
      ...rayServer({ state: 'serving' }),
      ...['embed', 'rank'].flatMap((application) =>
        rayModel(application, {
          state: 'serving',
          more: ['pod_info{pod="llm-raycluster-x2v4k-head-abcde",node="gpu-1",server="llm",component="server"} 1'],
        })
      ),
    ],
  ],
  [
    'a NIM that is ready, nobody having counted its pods',
    ['nim-ready'],
    nim({ state: 'serving', more: ['replicas_desired 2'] }),
  ],
  [
    'a NIM that is ready on two pods',
    ['nim-ready', 'nim-pod-0', 'nim-pod-1'],
    nim({
      state: 'serving',
      more: [
        'replicas_desired 2',
        'replicas_available 2',
        'pod_info{pod="llama-7d9f-0",node="gpu-1",server="",component="server"} 1',
        'pod_info{pod="llama-7d9f-1",node="gpu-1",server="",component="server"} 1',
      ],
    }),
  ],
  [
    'a NIM that says Ready with one of its two pods not ready',
    ['nim-ready', 'nim-pod-0', 'nim-pod-1-loading'],
    nim({
      state: 'degraded',
      reason: 'replicas_unavailable',
      more: [
        'replicas_desired 2',
        'replicas_available 1',
        'pod_info{pod="llama-7d9f-0",node="gpu-1",server="",component="server"} 1',
        'pod_info{pod="llama-7d9f-1",node="gpu-1",server="",component="server"} 1',
      ],
    }),
  ],
  [
    'a NIM that was never ready',
    ['nim-not-ready'],
    nim({ state: 'progressing', reason: 'loading', conditions: NOT_WELL, more: ['replicas_desired 2'] }),
  ],
  [
    'a NIM that is rolled out while one pod serves',
    ['nim-not-ready', 'nim-pod-0'],
    nim({
      state: 'progressing',
      reason: 'rolling_out',
      conditions: NOT_WELL,
      more: [
        'replicas_desired 2',
        'replicas_available 1',
        'pod_info{pod="llama-7d9f-0",node="gpu-1",server="",component="server"} 1',
      ],
    }),
  ],
  [
    'a NIM that failed',
    ['nim-failed'],
    nim({
      state: 'failed',
      reason: 'workload_failed',
      conditions: { Ready: 'False', other: 'False' },
      more: ['replicas_desired 2'],
    }),
  ],
  [
    'a NIM that waits',
    ['nim-pending'],
    nim({
      state: 'progressing',
      reason: 'loading',
      conditions: {},
      transition: undefined,
      more: ['replicas_desired 2'],
    }),
  ],
  [
    'a NIM whose replicas an autoscaler decides: no desired number is made up',
    ['nim-scaled'],
    nim({ state: 'serving' }),
  ],
  [
    'a NIM that no controller has looked at',
    ['nim-no-status'],
    nim({ state: 'unknown', reason: 'no_status', conditions: {}, transition: undefined, more: ['replicas_desired 2'] }),
  ],
];

describe('the shipped mappings', () => {
  it.each(SHOWN)('show %s', (_, names, expected) => {
    const shown = look(...names);
    expect(linesOf(shown)).toEqual([...expected].sort());
    expect(shown.drops).toEqual([]);
  });

  it('take a value that they do not know for no verdict at all, and count it', () => {
    const shown = look('ray-unknown-value');
    expect(linesOf(shown)).toEqual(
      [...rayServer({ state: 'serving' }), ...rayModel('embed', { state: 'unknown', reason: 'other' })].sort()
    );
    expect(shown.drops).toEqual([
      'unknown_value: RayService ray/llm, mapping rayservice models.state[0].path (@.status): ' +
        'expected NOT_STARTED or DEPLOYING or RUNNING or DEPLOY_FAILED or DELETING or UNHEALTHY, got "REBALANCING"',
    ]);
  });

  it('have no path that leads nowhere, once a service and a failed one were seen', () => {
    const { unmatched } = look('ray-running', 'nim-ready');
    expect(unmatched.map(({ mapping, paths }) => [mapping, paths])).toEqual([
      ['rayservice', []],
      ['nimservice', []],
    ]);
  });
});
