/** How an InferenceService is deployed: its parts, its traffic, and what KServe says of loading. */
import type { DeploymentMode, ModelComponent, RuntimeState } from '@modelwatch/contract';
import type { ComponentView, DeploymentView, LoadView, TrafficShare } from '../deployment-view';
import { defined } from '../described';
import { workloadReplicas } from '../pods';
import type { InferenceService, ScaleSpec, ServiceComponent, Workload } from '../resources';
import type { Parts } from './kserve';

export function deploymentOf(
  service: InferenceService,
  parts: Parts,
  components: readonly ModelComponent[],
  runtimeState: RuntimeState | undefined
): DeploymentView {
  const observedTraffic = observedTrafficOf(service);
  return {
    resourceKind: 'InferenceService',
    ...defined({
      mode: service.deploymentMode,
      format: service.modelFormat,
      formatVersion: service.modelFormatVersion,
      protocol: service.protocol,
      storageUri: service.storageUri,
      url: service.url,
      runtimeScope: service.runtimeScope,
      runtimeState,
      load: loadOf(service),
      observedTraffic,
    }),
    components: components.map((name) =>
      componentView(
        name,
        parts(name).workloads,
        service.components.find((component) => component.name === name),
        service.deploymentMode
      )
    ),
    ...(service.canaries.length > 0
      ? { canaries: service.canaries.flatMap(({ name, ready }) => (ready === undefined ? [] : [{ name, ready }])) }
      : {}),
  };
}

/** A target without a metric is one of the metric that the autoscaler of the mode takes by itself. */
function scaleOf({ scaleMetric, scaleTarget }: ScaleSpec, mode: DeploymentMode | undefined): ComponentView['scale'] {
  if (scaleTarget === undefined) return undefined;
  return { metric: scaleMetric ?? (mode === 'Knative' ? 'concurrency' : 'cpu'), target: scaleTarget };
}

export function replicasOfWorkloads(workloads: readonly Workload[]) {
  const { desired, available } = workloadReplicas(workloads);
  return defined({ desired, available });
}

function componentView(
  component: ModelComponent,
  workloads: readonly Workload[],
  spec: ServiceComponent | undefined,
  mode: DeploymentMode | undefined
): ComponentView {
  const replicas = replicasOfWorkloads(workloads);
  if (!spec) return { component, replicas };
  const { latestReadyRevision: latestReady, latestCreatedRevision: latestCreated } = spec;
  const revisions = defined({
    latestReady,
    latestCreated,
    latestRolledOut: spec.latestRolledoutRevision,
    previousRolledOut: spec.previousRolledoutRevision,
  });
  return {
    component,
    replicas,
    ...defined({
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      scale: scaleOf(spec, mode),
      concurrencyLimit: spec.containerConcurrency,
      timeoutSeconds: spec.timeoutSeconds,
      rolloutInProgress: latestCreated === undefined ? undefined : latestCreated !== latestReady,
    }),
    ...(latestCreated === undefined && latestReady === undefined ? {} : { revisions }),
  };
}

function loadOf(service: InferenceService): LoadView | undefined {
  const load = defined({
    transition: service.transitionStatus,
    active: service.activeModelState,
    target: service.targetModelState,
    copiesReady: service.copies?.ready,
    copiesFailed: service.copies?.failed,
    lastFailure: service.lastFailure,
  });
  return Object.keys(load).length > 0 ? load : undefined;
}

/**
 * Candidates are parts in a rollout, not names of revisions: those change with every rollout, and what is asked for could
 * not be compared with what is.
 */
export function desiredTraffic(service: InferenceService): readonly TrafficShare[] {
  if (service.canaries.length > 0) return besideStable(service.canaries);
  if (service.deploymentMode !== 'Knative' && service.traffic.length === 0) return [];
  const predictor = service.components.find((component) => component.name === 'predictor');
  const { canaryTrafficPercent: canary } = service;
  // Until a revision was rolled out once there is nothing to split with, and KServe ignores the share.
  if (canary === undefined || canary >= 100 || predictor?.latestRolledoutRevision === undefined) {
    return [{ candidate: 'latest', ratio: 1 }];
  }
  return [
    { candidate: 'latest', ratio: canary / 100 },
    { candidate: 'previous', ratio: (100 - canary) / 100 },
  ];
}

/** Standard mode: a canary that is not ready is left out of the route, though its status repeats the share asked for. */
function observedTrafficOf(service: InferenceService): readonly TrafficShare[] | undefined {
  const { canaries, traffic } = service;
  if (canaries.some((canary) => canary.ready !== undefined)) {
    return besideStable(
      canaries.map(({ name, ready, percent, observedPercent }) => ({
        name,
        percent: ready ? (observedPercent ?? percent) : 0,
      }))
    );
  }
  if (traffic.length === 0) return undefined;
  const percents = new Map<string, number>();
  // A revision can be listed twice: as the latest one, and under a tag.
  for (const { latest, percent } of traffic) {
    const candidate = latest ? 'latest' : 'previous';
    percents.set(candidate, (percents.get(candidate) ?? 0) + percent);
  }
  return [...percents].map(([candidate, percent]) => ({ candidate, ratio: percent / 100 }));
}

function besideStable(canaries: readonly { readonly name: string; readonly percent: number }[]): TrafficShare[] {
  const percents = new Map<string, number>();
  for (const { name, percent } of canaries) percents.set(name, (percents.get(name) ?? 0) + percent);
  const rest = 100 - [...percents.values()].reduce((sum, percent) => sum + percent, 0);
  percents.set('stable', (percents.get('stable') ?? 0) + Math.max(0, rest));
  return [...percents].map(([candidate, percent]) => ({ candidate, ratio: percent / 100 }));
}
