/** Memory and models of the replicas of servers, from whoever knows them. */
import { endpointKey, type EndpointBook } from '../endpoints';
import type { EndpointRef } from '../observation';
import { plainKey } from '../ref';
import type { ServerReplicaView } from '../views';
import type { SchedulerBook } from './book';
import { figuresOf } from './replicas';

export class ReplicaBook {
  /** By the key of the endpoint. */
  private readonly marked = new Map<string, EndpointRef>();
  private readonly shown = new Map<string, EndpointRef>();
  /** Of those that are shown, by namespace/pod. */
  private readonly ofPod = new Map<string, EndpointRef>();

  constructor(
    private readonly endpoints: Pick<EndpointBook, 'get'>,
    private readonly scheduler: Pick<SchedulerBook, 'server'>,
    /** Whether Kubernetes has the pod, by namespace/name: the scheduler goes on speaking of one that is gone. */
    private readonly hasPod: (key: string) => boolean
  ) {}

  mark(ref: EndpointRef): void {
    this.marked.set(endpointKey(ref), ref);
  }

  markShown(ref: EndpointRef): void {
    if (this.shown.has(endpointKey(ref))) this.mark(ref);
  }

  markPod(key: string): void {
    const ref = this.ofPod.get(key);
    if (ref) this.mark(ref);
  }

  /** What its agent says of a replica goes before what the scheduler says, which had it from the agent a while ago. */
  takeChange(): ReadonlyMap<string, ServerReplicaView | undefined> {
    const change = new Map<string, ServerReplicaView | undefined>();
    for (const [key, ref] of this.marked) {
      const { namespace, server, replica } = ref;
      const pod = plainKey(namespace, replica);
      const word = this.hasPod(pod) ? this.scheduler.server(namespace, server) : undefined;
      const figures = { ...figuresOf(word, replica), ...this.endpoints.get(key)?.figures };
      if (Object.keys(figures).length > 0) {
        this.shown.set(key, ref);
        this.ofPod.set(pod, ref);
        change.set(key, { namespace, server, replica, figures });
      } else if (this.shown.delete(key)) {
        this.ofPod.delete(pod);
        change.set(key, undefined);
      }
    }
    this.marked.clear();
    return change;
  }
}
