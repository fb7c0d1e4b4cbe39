import { NO_FACTS, cause, type EndpointFact, type ServingFacts } from './facts';
import { SERVING_RULES, decide } from './serving';

const fresh = { fresh: true, lastContactSeconds: 1_800_000_000 };
const ready: ServingFacts = {
  ...NO_FACTS,
  source: fresh,
  hasStatus: true,
  declared: 'ready',
  replicas: { desired: 2, available: 2 },
};
const endpoint = (replica: string, state: EndpointFact['state']): EndpointFact =>
  state === 'down' ? { replica, state, cause: cause('endpoint_unreachable', 'refused') } : { replica, state };

/** Two facts that hold at once; the verdict is the first one's. */
const PRECEDENCE: readonly (readonly [string, string, Partial<ServingFacts>, Partial<ServingFacts>])[] = [
  [
    'a silent source outranks a failure',
    'stale',
    { source: { fresh: false } },
    { declared: 'failed', replicas: { available: 0 } },
  ],
  [
    'deletion outranks a failure',
    'progressing',
    { deleting: true },
    { declared: 'failed', replicas: { available: 0 } },
  ],
  [
    'intended zero outranks a failure',
    'idle',
    { intendedZero: 'stopped' },
    { declared: 'failed', replicas: { available: 0 } },
  ],
  ['a missing route outranks a rollout', 'failed', { fatal: cause('route_not_ready') }, { declared: 'progressing' }],
  [
    'a crash loop outranks loading',
    'failed',
    { replicas: { desired: 1, available: 0 }, causes: [cause('crash_loop')] },
    { declared: 'progressing' },
  ],
  [
    'loading outranks probes',
    'progressing',
    { declared: 'progressing', replicas: { desired: 1, available: 0 } },
    { endpoints: [endpoint('a', 'down')], expectedEndpoints: 1 },
  ],
  [
    'probes outrank the controller',
    'failed',
    { endpoints: [endpoint('a', 'down')], expectedEndpoints: 1 },
    { declared: 'ready' },
  ],
  ['a measured cause outranks a rollout', 'degraded', { causes: [cause('crash_loop')] }, { declared: 'progressing' }],
  [
    'a rollout outranks missing replicas',
    'progressing',
    { declared: 'progressing' },
    { replicas: { desired: 2, available: 1 } },
  ],
  ['missing replicas outrank serving', 'degraded', { replicas: { desired: 2, available: 1 } }, { declared: 'ready' }],
  [
    'one endpoint down of two outranks serving',
    'degraded',
    { endpoints: [endpoint('a', 'serving'), endpoint('b', 'down')], expectedEndpoints: 2 },
    { declared: 'ready' },
  ],
];

describe('serving rules', () => {
  it.each(PRECEDENCE)('%s', (_, state, stronger, weaker) => {
    expect(decide({ ...ready, ...weaker, ...stronger }).state).toBe(state);
  });

  it('says the same whatever the order of causes and endpoints', () => {
    const causes = [cause('load_failed', 'a'), cause('out_of_memory'), cause('load_failed', 'b'), cause('crash_loop')];
    const endpoints = [endpoint('a', 'serving'), endpoint('b', 'down'), endpoint('c', 'silent')];
    const facts: ServingFacts = { ...ready, causes, endpoints, expectedEndpoints: 3 };
    const reversed = { ...facts, causes: [...causes].reverse(), endpoints: [...endpoints].reverse() };
    expect(decide(reversed)).toEqual(decide(facts));
    expect(decide(facts).reasons.map(({ reason }) => reason)).toEqual(['out_of_memory', 'crash_loop', 'load_failed']);
    const noCauses = { causes: [] };
    expect(decide({ ...reversed, ...noCauses })).toEqual(decide({ ...facts, ...noCauses }));
  });

  it('depends on the order of the rules: reversed, a failing model would pass for another state', () => {
    const failing: ServingFacts = { ...ready, endpoints: [endpoint('a', 'down')], expectedEndpoints: 1 };
    expect(decide(failing).state).toBe('failed');
    expect(decide(failing, [...SERVING_RULES].reverse()).state).toBe('serving');
  });

  it.each<[string, Partial<ServingFacts>]>([
    ['nothing at all', {}],
    ['a status without a watch', { hasStatus: true }],
    ['a watch that says nothing', { source: fresh, hasStatus: true }],
    ['a declaration without a probe', { declared: 'ready' }],
    [
      'an endpoint that was never probed',
      { declared: 'ready', endpoints: [endpoint('a', 'pending')], expectedEndpoints: 1 },
    ],
    [
      'an endpoint that is silent',
      { declared: 'ready', everAnswered: true, endpoints: [endpoint('a', 'silent')], expectedEndpoints: 1 },
    ],
    ['zero replicas', { ...ready, replicas: { desired: 1, available: 0 } }],
  ])('is never serving on %s', (_, facts) => {
    const { state, reasons } = decide({ ...NO_FACTS, ...facts });
    expect(state).not.toBe('serving');
    expect(reasons.length).toBeGreaterThan(0);
  });

  it('takes lost replicas for a failure and missing ones at the start for loading', () => {
    const none: ServingFacts = { ...ready, declared: 'none', replicas: { desired: 1, available: 0 } };
    expect(decide(none).state).toBe('progressing');
    expect(decide({ ...none, lastState: 'serving' }).state).toBe('failed');
  });
});
