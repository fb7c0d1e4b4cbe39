/** How models are deployed, part by part; most rows are of KServe, where the resource says it. */
import { LOAD_STATES, METRICS, RUNTIME_STATES, TRANSITION_STATUSES } from '@modelwatch/contract';
import type { ComponentView, DeploymentView, LoadView } from '../domain/deployment-view';
import type { ModelView } from '../domain/views';
import { identity } from './entity';
import type { Row } from './row';
import { known, row } from './text';

const id = (view: ModelView) => identity('model', view);

/** One sample per part for which the number is known. */
function perComponent(view: ModelView, value: (component: ComponentView) => number | undefined) {
  return (view.deployment?.components ?? []).flatMap((component) =>
    known({ ...id(view), component: component.component }, value(component))
  );
}

function deployment<T>(view: ModelView, of: (deployment: DeploymentView) => T | undefined): T | undefined {
  return view.deployment && of(view.deployment);
}

function load<T>(view: ModelView, of: (load: LoadView) => T | undefined): T | undefined {
  return view.deployment?.load && of(view.deployment.load);
}

function stateSet<State extends string>(states: readonly State[], holds: State | undefined) {
  return holds === undefined ? [] : states.map((state) => ({ state, value: state === holds ? 1 : 0 }));
}

const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));

const infoRows: readonly Row<ModelView>[] = [
  row(METRICS.modelDeploymentInfo, (view: ModelView) =>
    view.deployment
      ? [
          {
            labels: {
              ...id(view),
              resource_kind: view.deployment.resourceKind,
              mode: view.deployment.mode ?? '',
              format: view.deployment.format ?? '',
              format_version: view.deployment.formatVersion ?? '',
              protocol: view.deployment.protocol ?? '',
              runtime_scope: view.deployment.runtimeScope ?? '',
            },
            value: 1,
          },
        ]
      : []
  ),
  row(METRICS.modelUrlAssigned, (view: ModelView) =>
    known(
      id(view),
      deployment(view, ({ url }) => flag(url !== undefined))
    )
  ),
  row(METRICS.modelRuntimeState, (view: ModelView) =>
    stateSet(RUNTIME_STATES, view.deployment?.runtimeState).map(({ state, value }) => ({
      labels: { ...id(view), state },
      value,
    }))
  ),
  row(METRICS.modelTrafficObserved, (view: ModelView) =>
    (view.deployment?.observedTraffic ?? []).map(({ candidate, ratio }) => ({
      labels: { ...id(view), candidate },
      value: ratio,
    }))
  ),
  row(METRICS.modelCanaryReady, (view: ModelView) =>
    (view.deployment?.canaries ?? []).map(({ name, ready }) => ({
      labels: { ...id(view), candidate: name },
      value: Number(ready),
    }))
  ),
];

const loadRows: readonly Row<ModelView>[] = [
  row(METRICS.modelTransitionStatus, (view: ModelView) =>
    stateSet(TRANSITION_STATUSES, view.deployment?.load?.transition).map(({ state, value }) => ({
      labels: { ...id(view), status: state },
      value,
    }))
  ),
  row(METRICS.modelLoadState, (view: ModelView) =>
    (['active', 'target'] as const).flatMap((revision) =>
      stateSet(LOAD_STATES, view.deployment?.load?.[revision]).map(({ state, value }) => ({
        labels: { ...id(view), revision, state },
        value,
      }))
    )
  ),
  row(METRICS.modelCopiesReady, (view: ModelView) =>
    known(
      id(view),
      load(view, ({ copiesReady }) => copiesReady)
    )
  ),
  row(METRICS.modelCopiesFailed, (view: ModelView) =>
    known(
      id(view),
      load(view, ({ copiesFailed }) => copiesFailed)
    )
  ),
  row(METRICS.modelLastFailure, (view: ModelView) => {
    const reason = view.deployment?.load?.lastFailure?.reason;
    return reason === undefined ? [] : [{ labels: { ...id(view), reason }, value: 1 }];
  }),
  row(METRICS.modelLastFailureTime, (view: ModelView) =>
    known(
      id(view),
      load(view, ({ lastFailure }) => lastFailure?.atSeconds)
    )
  ),
  row(METRICS.modelLastFailureExitCode, (view: ModelView) =>
    known(
      id(view),
      load(view, ({ lastFailure }) => lastFailure?.exitCode)
    )
  ),
];

const componentRows: readonly Row<ModelView>[] = [
  row(METRICS.componentReplicasDesired, (view: ModelView) => perComponent(view, ({ replicas }) => replicas.desired)),
  row(METRICS.componentReplicasAvailable, (view: ModelView) =>
    perComponent(view, ({ replicas }) => replicas.available)
  ),
  row(METRICS.componentReplicasMin, (view: ModelView) => perComponent(view, ({ minReplicas }) => minReplicas)),
  row(METRICS.componentReplicasMax, (view: ModelView) => perComponent(view, ({ maxReplicas }) => maxReplicas)),
  row(METRICS.componentScaleTarget, (view: ModelView) =>
    (view.deployment?.components ?? []).flatMap(({ component, scale }) =>
      scale ? [{ labels: { ...id(view), component, scale_metric: scale.metric }, value: scale.target }] : []
    )
  ),
  row(METRICS.componentConcurrencyLimit, (view: ModelView) =>
    perComponent(view, ({ concurrencyLimit }) => concurrencyLimit)
  ),
  row(METRICS.componentTimeout, (view: ModelView) => perComponent(view, ({ timeoutSeconds }) => timeoutSeconds)),
  row(METRICS.componentRollout, (view: ModelView) =>
    perComponent(view, ({ rolloutInProgress }) => flag(rolloutInProgress))
  ),
];

const llmRows: readonly Row<ModelView>[] = [
  row(METRICS.llmInfo, (view: ModelView) =>
    view.deployment?.llm
      ? [{ labels: { ...id(view), served_model_name: view.deployment.llm.servedName }, value: 1 }]
      : []
  ),
  row(METRICS.llmAdapters, (view: ModelView) =>
    known(
      id(view),
      deployment(view, ({ llm }) => llm?.adapters)
    )
  ),
  row(METRICS.llmParallelism, (view: ModelView) =>
    (view.deployment?.components ?? []).flatMap(({ component, parallelism = [] }) =>
      parallelism.map(({ kind, size }) => ({ labels: { ...id(view), component, parallelism: kind }, value: size }))
    )
  ),
  row(METRICS.llmGroupRatio, (view: ModelView) => {
    const group = view.deployment?.llm?.group;
    return group ? known({ ...id(view), group: group.name }, group.ratio) : [];
  }),
];

export const deploymentRows: readonly Row<ModelView>[] = [...infoRows, ...loadRows, ...componentRows, ...llmRows];
