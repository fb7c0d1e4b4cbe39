/** What listens in each pod of the fleet. */
import type { ModelPlan } from '../fleet/plan';
import { podKey, type PodIdentity } from '../fleet/pods';
import type { ModelServer } from './model-server';
import { modelServerProcess, type Process } from './process';

/** A model server and the pod and container that it runs in, for what other exporters say of it. */
export interface PodServer {
  readonly pod: PodIdentity;
  readonly container: string;
  readonly server: ModelServer;
  /** Absent for a server that several models share. */
  readonly model?: ModelPlan;
}

export class Pods {
  private readonly processes = new Map<string, readonly Process[]>();
  private readonly hosted = new Map<string, PodServer>();

  addServer(entry: PodServer, more: readonly Process[] = []): void {
    this.hosted.set(podKey(entry.pod), entry);
    this.addProcesses(entry.pod, [modelServerProcess(entry.server), ...more]);
  }

  addProcesses(pod: { readonly namespace: string; readonly name: string }, processes: readonly Process[]): void {
    this.processes.set(podKey(pod), processes);
  }

  processesIn(namespace: string, pod: string): readonly Process[] {
    return this.processes.get(podKey({ namespace, name: pod })) ?? [];
  }

  get servers(): Iterable<PodServer> {
    return this.hosted.values();
  }
}
