/** A fleet from observations, and what it says, for tests. */
import { entityKey } from '@modelwatch/contract';
import { createFleet } from '../fleet';
import type { Observation } from '../observation';
import type { KubernetesResource } from '../resources';
import type { ModelView, ServerView } from '../views';
import type { Fleet } from '../fleet-interface';
import { NOW, applied, sourceStatus } from './builders';

export function fleetOf(observations: readonly Observation[], now = NOW): Fleet {
  const fleet = createFleet({ probeIntervalSeconds: 15, staleAfterSeconds: 150 });
  observations.forEach((observation) => fleet.observe(observation));
  fleet.flush(now);
  return fleet;
}

export function model(fleet: Fleet, name: string, namespace = 'payments'): ModelView {
  const view = fleet.snapshot().models.get(entityKey({ namespace, name }));
  if (!view) throw new Error(`no model ${name} in ${[...fleet.snapshot().models.keys()].join(', ')}`);
  return view;
}

export function server(fleet: Fleet, name: string, namespace = 'payments'): ServerView {
  const view = fleet.snapshot().servers.get(entityKey({ namespace, name }));
  if (!view) throw new Error(`no server ${name} in ${[...fleet.snapshot().servers.keys()].join(', ')}`);
  return view;
}

/** `state: first reason in words` */
export function verdictOf(view: Pick<ModelView, 'verdict'>): string {
  const [first] = view.verdict.reasons;
  return first ? `${view.verdict.state}: ${first.text}` : view.verdict.state;
}

/** The verdict on one model among resources, with every watch alive. */
export function modelVerdict(name: string, ...resources: readonly KubernetesResource[]): string {
  return verdictOf(model(fleetOf([...resources.map(applied), sourceStatus()]), name));
}
