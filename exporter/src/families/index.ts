/** All rows, in groups that change together, and what a change of the fleet makes of them. */
import { METRICS } from '@modelwatch/contract';
import type { ResourceKind } from '../domain/resources';
import type { FleetChange } from '../domain/fleet-interface';
import { confirmedRow } from './entity';
import { deploymentRows } from './deployment';
import { componentRows, settingRows } from './component';
import { endpointRows, modelEndpointRows } from './endpoint';
import { experimentRows } from './experiment';
import { graphRows } from './graph';
import { capabilityRow, inferenceRows } from './inference';
import { modelRows } from './model';
import { nodeRows, nodeShareRows } from './node';
import { pipelineRows } from './pipeline';
import { podRows } from './pod';
import type { Row } from './row';
import { runtimeRows } from './runtime';
import { serverRows } from './server';
import { serverReplicaRows } from './server-replica';
import { sloRows } from './slo';
import { syntheticRows } from './synthetic';
import { usageRows } from './usage';

/** When the state was last confirmed moves with every sign of life, so it stands apart from what does not. */
const ROWS = {
  models: [...modelRows, ...deploymentRows, ...modelEndpointRows, ...inferenceRows],
  servers: serverRows,
  pipelines: [...pipelineRows, ...graphRows],
  experiments: experimentRows,
  endpoints: [...endpointRows, capabilityRow],
  serverReplicas: serverReplicaRows,
  runtimes: runtimeRows,
  components: componentRows,
  settings: settingRows,
  pods: podRows,
  nodes: nodeRows,
  nodesOfPods: nodeShareRows,
  synthetic: syntheticRows,
  usage: usageRows,
  slos: sloRows,
  modelsConfirmed: [confirmedRow('model', METRICS.modelLastObserved)],
  serversConfirmed: [confirmedRow('server', METRICS.serverLastObserved)],
  pipelinesConfirmed: [confirmedRow('pipeline', METRICS.pipelineLastObserved)],
  experimentsConfirmed: [confirmedRow('experiment', METRICS.experimentLastObserved)],
} as const;
export type GroupName = keyof typeof ROWS;

/**
 * Kinds whose silence leaves a group out. Its objects have no state that could turn stale, so what a dead watch last said
 * would stand there as if it held; and they can be 100,000, too many to take out one by one.
 */
const RESTS_ON: Partial<Record<GroupName, readonly ResourceKind[]>> = {
  pods: ['Pod'],
  nodesOfPods: ['Pod'],
  runtimes: ['ServingRuntime', 'ClusterServingRuntime'],
  settings: ['SeldonRuntime', 'SeldonConfig', 'SeldonServerConfig'],
};

/** Parts of a group of which scrapers know nothing: some are renewed apart, some rest on another source. */
const CHOSEN_BY: Partial<Record<GroupName, GroupName>> = {
  modelsConfirmed: 'models',
  serversConfirmed: 'servers',
  pipelinesConfirmed: 'pipelines',
  experimentsConfirmed: 'experiments',
  nodesOfPods: 'nodes',
  serverReplicas: 'endpoints',
};

/** Headers of the families of each group, for the exposition store; `renderChange` gives texts in this order. */
export const GROUPS = (Object.entries(ROWS) as [GroupName, readonly Row<never>[]][]).map(([name, rows]) => ({
  name,
  chosenBy: CHOSEN_BY[name] ?? name,
  restsOn: RESTS_ON[name] ?? [],
  families: rows.map(({ family: { name: familyName, type, help } }) => ({
    name: familyName,
    type,
    help,
  })),
}));

export interface RenderedChange {
  readonly group: GroupName;
  readonly key: string;
  /** Absent for what belongs to the whole fleet. */
  readonly namespace?: string;
  /** One text per family of the group; absent when the object is gone. */
  readonly texts?: readonly string[];
}

const USAGE_KEY = 'fleet';

/** Renders what changed, and nothing else. */
export function renderChange(change: FleetChange): RenderedChange[] {
  const out: RenderedChange[] = [];
  for (const entity of ['models', 'servers', 'pipelines', 'experiments'] as const) {
    const { changed, confirmed } = change[entity];
    collect<never>(out, entity, changed as ReadonlyMap<string, never>, ROWS[entity]);
    for (const views of [changed, confirmed]) collect(out, `${entity}Confirmed`, views, ROWS[`${entity}Confirmed`]);
  }
  collect(out, 'endpoints', change.endpoints, ROWS.endpoints);
  collect(out, 'serverReplicas', change.serverReplicas, ROWS.serverReplicas);
  if (change.runtimes) collect(out, 'runtimes', change.runtimes, ROWS.runtimes);
  collect(out, 'components', change.components, ROWS.components);
  collect(out, 'settings', change.settings, ROWS.settings);
  collect(out, 'pods', change.pods, ROWS.pods);
  for (const group of ['nodes', 'nodesOfPods'] as const) collect(out, group, change.nodes, ROWS[group]);
  collect(out, 'synthetic', change.synthetic, ROWS.synthetic);
  if (change.usage) collect(out, 'usage', new Map([[USAGE_KEY, change.usage]]), ROWS.usage);
  return out;
}

function collect<View extends object>(
  out: RenderedChange[],
  group: GroupName,
  changed: ReadonlyMap<string, View | undefined>,
  rows: readonly Row<View>[]
): void {
  for (const [key, view] of changed) {
    if (view === undefined) {
      out.push({ group, key });
      continue;
    }
    const texts = rows.map((each) => each.render(view));
    const belongs = 'namespace' in view && typeof view.namespace === 'string' ? { namespace: view.namespace } : {};
    out.push({ group, key, ...belongs, texts });
  }
}
