/** The published views of one kind of entity: their names, their history, and what changed since the last flush. */
import { entityKey, type EntityKey, type ServingState } from '@modelwatch/contract';
import { joined, type Described } from './described';
import { decide } from './serving';
import { parseRefId, plainKey, type Origin, type RefId } from './ref';
import type { EntityView, Transition, Verdict } from './views';
import type { Changes } from './fleet-interface';

const MAX_HISTORY = 50;
const NO_HISTORY: readonly Transition[] = [];
/** A later sign of life is shown when it is at least this much later; every view would change with every event else. */
const OBSERVED_STEP_SECONDS = 5;

export interface CommitContext {
  readonly nowSeconds: number;
  /** False while the first lists are read: what changes then is our reading, not the fleet. */
  readonly recordTransitions: boolean;
  /** The same entity in the fleet that this one takes over from, while it does. */
  readonly earlier: (key: EntityKey) => EntityView | undefined;
  /** The origin that has the plain name already, when it is not this one. */
  readonly nameTakenBy: (id: RefId) => Origin | undefined;
  readonly onConflict: (id: RefId, taken: Origin) => void;
}

export class EntityBook<View extends EntityView> {
  /** Brought up to date by `publish`, in place: a copy would cost the whole fleet for one change. */
  private readonly published = new Map<EntityKey, View>();
  private readonly byId = new Map<RefId, View>();
  private pending = new Map<EntityKey, View | undefined>();
  private confirmed = new Map<EntityKey, View>();

  view(id: RefId): View | undefined {
    return this.byId.get(id);
  }

  /** As it is so far in this flush; a name that cannot be a key is nobody's. */
  named(namespace: string, name: string): View | undefined {
    if (!namespace || !name || name.includes('/')) return undefined;
    const key = entityKey({ namespace, name });
    return this.pending.has(key) ? this.pending.get(key) : (this.confirmed.get(key) ?? this.published.get(key));
  }

  get ids(): Iterable<RefId> {
    return this.byId.keys();
  }

  get size(): number {
    return this.byId.size;
  }

  /** Takes in what was derived of `id` now; undefined: it is gone. Returns the view. */
  commit(
    id: RefId,
    described: Described<Omit<View, keyof EntityView>> | undefined,
    context: CommitContext
  ): View | undefined {
    const previous = this.byId.get(id);
    if (!described) {
      if (previous) this.retire(previous.key);
      this.byId.delete(id);
      return undefined;
    }
    const { origin, platform, namespace, name: plain } = parseRefId(id);
    const taken = context.nameTakenBy(id);
    const name = taken === undefined ? plain : `${plain}@${origin}`;
    const key = entityKey({ namespace, name });
    if (taken !== undefined && previous?.key !== key) context.onConflict(id, taken);
    if (previous && previous.key !== key) this.retire(previous.key);
    const verdict = decide(joined(described.facts, lastStateOf(previous)));
    const base: EntityView = {
      key,
      namespace,
      name,
      platform,
      verdict: sameVerdict(previous?.verdict, verdict) ?? verdict,
      conditions: described.conditions,
      ...(described.createdSeconds === undefined ? {} : { createdSeconds: described.createdSeconds }),
      ...(described.meta?.shown ? { shown: described.meta.shown } : {}),
      ...observedAt(previous, described.contactSeconds),
      ...transitions(previous, context.earlier(key), verdict, described.transitionSeconds, context),
    };
    // The fields of a description are exactly those that the kind's view has beyond EntityView.
    const view = joined(base, described.fields) as unknown as View;
    this.byId.set(id, view);
    this.pending.set(key, view);
    return view;
  }

  /** A later sign of life of its source, and nothing else: the view stays as it was. */
  renew(id: RefId, contactSeconds: number | undefined): void {
    const previous = this.byId.get(id);
    if (!previous) return;
    const observed = observedAt(previous, contactSeconds);
    if (observed.lastObservedSeconds === previous.lastObservedSeconds) return;
    const view = joined(previous, observed);
    this.byId.set(id, view);
    if (this.pending.has(view.key)) this.pending.set(view.key, view);
    else this.confirmed.set(view.key, view);
  }

  /** The published views. Readers finish with it before they give way to others. */
  get all(): ReadonlyMap<EntityKey, View> {
    return this.published;
  }

  /** What changed since the last call (undefined: gone), and what only was confirmed again. */
  publish(): Changes<View> {
    const { pending: changed, confirmed } = this;
    if (changed.size > 0) this.pending = new Map();
    if (confirmed.size > 0) this.confirmed = new Map();
    for (const [key, view] of confirmed) {
      if (changed.has(key)) confirmed.delete(key);
      else this.published.set(key, view);
    }
    for (const [key, view] of changed) {
      if (view) this.published.set(key, view);
      else this.published.delete(key);
    }
    return { changed, confirmed };
  }

  /** A key that another entity took over in the same flush stays. */
  private retire(key: EntityKey): void {
    if (!this.pending.get(key)) this.pending.set(key, undefined);
  }
}

/** The last state that was known: going stale does not make one forget what was there before. */
function lastStateOf(previous: EntityView | undefined): { lastState?: ServingState } {
  if (!previous) return {};
  const { state } = previous.verdict;
  const before = state === 'stale' ? previous.history[0]?.from : state;
  return before === undefined ? {} : { lastState: before };
}

function sameVerdict(previous: Verdict | undefined, next: Verdict): Verdict | undefined {
  if (!previous || previous.state !== next.state || previous.reasons.length !== next.reasons.length) return undefined;
  const alike = next.reasons.every((reason, index) => {
    const before = previous.reasons[index];
    return before?.reason === reason.reason && before.text === reason.text;
  });
  return alike ? previous : undefined;
}

function observedAt(
  previous: EntityView | undefined,
  contact: number | undefined
): Pick<EntityView, 'lastObservedSeconds'> {
  const shown = previous?.lastObservedSeconds;
  const next =
    shown !== undefined && (contact === undefined || contact - shown < OBSERVED_STEP_SECONDS) ? shown : contact;
  return next === undefined ? {} : { lastObservedSeconds: next };
}

type Past = Pick<EntityView, 'history' | 'lastTransitionSeconds'>;

function transitions(
  previous: EntityView | undefined,
  earlier: EntityView | undefined,
  verdict: Verdict,
  statusSeconds: number | undefined,
  context: CommitContext
): Past {
  const before = earlier ?? previous;
  if (before && before.verdict.state === verdict.state) return pastOf(before);
  if (!before || (!earlier && !context.recordTransitions)) {
    return { history: NO_HISTORY, ...(statusSeconds === undefined ? {} : { lastTransitionSeconds: statusSeconds }) };
  }
  const reason = verdict.reasons[0];
  const transition: Transition = {
    atSeconds: context.nowSeconds,
    from: before.verdict.state,
    to: verdict.state,
    ...(reason ? { reason } : {}),
  };
  return {
    history: [transition, ...before.history].slice(0, MAX_HISTORY),
    lastTransitionSeconds: context.nowSeconds,
  };
}

function pastOf({ history, lastTransitionSeconds }: EntityView): Past {
  return { history, ...(lastTransitionSeconds === undefined ? {} : { lastTransitionSeconds }) };
}

/** `namespace/name` of an id, for the maps of the world. */
export function worldKey(id: RefId): string {
  const { namespace, name } = parseRefId(id);
  return plainKey(namespace, name);
}
