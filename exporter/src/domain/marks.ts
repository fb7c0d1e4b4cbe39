/** What an event touches. The world marks, a flush takes what is marked. */
import { otherOrigins, parseRefId, refId, type RefId } from './ref';

/** Ids of what has to be derived again. */
export interface Marks {
  readonly models: Set<RefId>;
  readonly servers: Set<RefId>;
  readonly pipelines: Set<RefId>;
  readonly experiments: Set<RefId>;
  /** Serving runtimes, by the keys of the runtime index. */
  readonly runtimes: Set<string>;
  /** Servers whose probe targets may have changed. */
  readonly targets: Set<RefId>;
  /** Pods (namespace/name) whose share of the usage may have changed. */
  readonly pods: Set<string>;
  /** Pods that are gone, on their way out, or another pod of the same name: what was probed of them is void. */
  readonly voidPods: Set<string>;
}

export function noMarks(): Marks {
  return {
    models: new Set(),
    servers: new Set(),
    pipelines: new Set(),
    experiments: new Set(),
    runtimes: new Set(),
    targets: new Set(),
    pods: new Set(),
    voidPods: new Set(),
  };
}

/** Entities of other origins with its name: when it comes or goes, they may have to change theirs. */
export function markNamesakes(marked: Set<RefId>, id: RefId): void {
  const { origin, namespace, name } = parseRefId(id);
  for (const other of otherOrigins(origin)) marked.add(refId(other, namespace, name));
}
