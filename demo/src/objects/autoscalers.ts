/**
 * HorizontalPodAutoscalers: KServe makes one for each predictor and transformer in Standard mode; one Seldon Server is
 * scaled by the scale subresource that it has.
 */
import type { ModelPlan, ServerPlan } from '../fleet/plan';
import { predictorName } from '../fleet/pods';
import { share } from '../random';
import type { KubernetesObject } from '../types';
import { createdMs } from './kserve-workloads';
import { meta, time } from './meta';
import { SELDON_API, type World } from './seldon';

interface AutoscalerPlan {
  readonly namespace: string;
  readonly target: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly createdMs: number;
}

const TARGET_PERCENT = 80;

function autoscaler(world: World, plan: AutoscalerPlan): KubernetesObject {
  const { namespace, target, replicas, maxReplicas } = plan;
  const { seed } = world.plan;
  // Within the tenth of the target in which nothing is changed, or below it with the fewest replicas.
  const percent = 30 + Math.floor(share(seed, namespace, target.name, 'utilization') * 50);
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    lastTransitionTime: time(plan.createdMs + 30_000),
  });
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta({
      seed,
      kind: 'HorizontalPodAutoscaler',
      namespace,
      name: target.name,
      createdMs: plan.createdMs,
    }),
    spec: {
      scaleTargetRef: target,
      minReplicas: replicas,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: TARGET_PERCENT } },
        },
      ],
    },
    status: {
      currentReplicas: replicas,
      desiredReplicas: replicas,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: percent, averageValue: `${percent * 10}m` } },
        },
      ],
      conditions: [
        condition('AbleToScale', 'True', 'ReadyForNewScale'),
        condition('ScalingActive', 'True', 'ValidMetricFound'),
        condition('ScalingLimited', 'False', 'DesiredWithinRange'),
      ],
    },
  };
}

export function predictorAutoscalers(world: World, model: ModelPlan): readonly KubernetesObject[] {
  // Knative has an autoscaler of its own.
  if (model.knative) return [];
  const common = { namespace: model.namespace, createdMs: createdMs(world, model) };
  const target = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name });
  const { replicas } = model;
  return [
    autoscaler(world, { ...common, target: target(predictorName(model)), replicas, maxReplicas: replicas * 2 }),
    ...(model.transformer
      ? [autoscaler(world, { ...common, target: target(`${model.name}-transformer`), replicas: 1, maxReplicas: 1 })]
      : []),
  ];
}

export function serverAutoscaler(world: World, server: ServerPlan): KubernetesObject {
  const { namespace, name, replicas } = server;
  return autoscaler(world, {
    namespace,
    target: { apiVersion: SELDON_API, kind: 'Server', name },
    replicas,
    maxReplicas: replicas + 2,
    createdMs: world.startMs - server.ageSeconds * 1_000,
  });
}
