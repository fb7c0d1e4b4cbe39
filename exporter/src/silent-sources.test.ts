/** What a scrape shows of a kind while its watch says nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceState } from '@modelwatch/contract';
import { createFleet } from './domain/fleet';
import type { ResourceKind } from './domain/resources';
import {
  NOW,
  applied,
  meta,
  seldonModel,
  seldonPod,
  seldonServer,
  sourceStatus,
  status,
  condition,
} from './domain/testing/builders';
import { createExpositionStore } from './exposition/segments';
import { GROUPS } from './families';
import { writeChange } from './fleet-watch';

const KINDS: readonly ResourceKind[] = [
  ...(['SeldonModel', 'SeldonServer', 'Pod', 'Node', 'ServingRuntime', 'ClusterServingRuntime'] as const),
  ...(['SeldonRuntime', 'SeldonConfig', 'SeldonServerConfig'] as const),
];
const RUNTIME = { disabled: false, multiModel: false, multiNode: false, formats: [], protocols: [], containers: [] };

function watched() {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  const exposition = createExpositionStore(GROUPS);
  let now = NOW;
  const tell = (kinds: readonly ResourceKind[], state: SourceState) => {
    for (const kind of kinds) {
      fleet.observe(sourceStatus({ source: kind, resources: [kind], state, lastContactSeconds: now }));
    }
    writeChange(fleet.flush(now++), fleet, exposition);
    return exposition.view('prometheus').text();
  };
  const node = { kind: 'Node' as const, meta: meta('node-0'), unschedulable: false, ready: true, allocatable: {} };
  for (const resource of [
    seldonServer('mlserver'),
    seldonModel('fraud', 'ModelAvailable', { availableReplicas: 1, server: 'mlserver' }),
    seldonPod('mlserver', 0),
    node,
    { kind: 'ServingRuntime' as const, meta: meta('sklearn'), ...RUNTIME },
    {
      kind: 'SeldonRuntime' as const,
      meta: meta('seldon'),
      kafka: [],
      overrides: [],
      status: status(condition('SchedulerReady', 'True')),
    },
  ]) {
    fleet.observe(applied(resource));
  }
  return tell;
}

it.each<[ResourceKind, RegExp]>([
  ['Pod', /^modelwatch_pod_ready\{/m],
  ['Pod', /^modelwatch_pod_phase\{/m],
  ['Pod', /^modelwatch_node_pods\{/m],
  ['ServingRuntime', /^modelwatch_runtime_disabled\{/m],
  ['ClusterServingRuntime', /^modelwatch_runtime_disabled\{/m],
  ['SeldonRuntime', /^modelwatch_seldon_runtime_condition\{/m],
])('silence of %s takes %s away, and a sign of life brings it back', (kind, series) => {
  const tell = watched();
  expect(tell(KINDS, 'synced')).toMatch(series);
  expect(tell([kind], 'silent')).not.toMatch(series);
  expect(tell([kind], 'synced')).toMatch(series);
});

it('silence of pods leaves the others, and says stale of what rests on them', () => {
  const tell = watched();
  tell(KINDS, 'synced');
  const text = tell(['Pod'], 'silent');
  expect(text).toMatch(/^modelwatch_node_ready\{node="node-0"\} 1$/m);
  expect(text).toMatch(/^modelwatch_model_serving\{namespace="payments",model="fraud",state="stale"\} 1$/m);
  expect(text).toMatch(/^modelwatch_seldon_runtime_condition\{/m);
});

it('a kind that is not installed hides nothing', () => {
  const tell = watched();
  tell(KINDS, 'synced');
  expect(tell(['ClusterServingRuntime', 'SeldonConfig'], 'absent')).toMatch(/^modelwatch_runtime_disabled\{/m);
});

it('the page on the configuration names every group that a scrape can choose', () => {
  const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
  const [, chapter = ''] = page.split('## Choosing what a scrape returns');
  for (const { chosenBy } of GROUPS) expect(chapter).toContain(`\`${chosenBy}\``);
});
