/**
 * Which objectives each model and pipeline has: those of all that are declared that select it. What was found is kept until
 * the objectives, or what they select by, change; a poll of a replica costs a look at the bounds of its histograms at most.
 */
import { MOST_SLOS, type EntityKey, type SloIndicator } from '@modelwatch/contract';
import { glob } from '../glob';
import { commonBounds, durationBounds, pipelineBounds } from '../request-bounds';
import type { ModelView, PipelineView } from '../views';
import { isPerMinute, type DeclaredSlo, type SloSelector, type SloSpec } from './spec';
import { burnTiers, type Tiers } from './tiers';

/** Of all models and pipelines of one exporter; each has about a dozen series. */
const MOST_SLOS_IN_ALL = 30_000;

export interface Objective extends DeclaredSlo {
  readonly tiers: Tiers;
  /** Bounds of the histogram that its requests are counted in, ascending; none where no server has one. */
  readonly bounds: readonly number[];
}

/** A model or pipeline with what is promised of it. */
export interface SloHolder {
  readonly subject: SloSpec['subject'];
  readonly namespace: string;
  readonly name: string;
  readonly owner?: string;
  readonly objectives: readonly Objective[];
  /** What is declared of it, and does not hold. */
  readonly refused: readonly SloRefusal[];
}

export interface SloRefusal {
  readonly place: string;
  /** Names value and expectation. */
  readonly text: string;
}

type View = ModelView | PipelineView;

interface Compiled extends DeclaredSlo {
  readonly tiers: Tiers;
  readonly selects: (view: View) => boolean;
}

interface Known {
  readonly generation: number;
  readonly owner: string | undefined;
  readonly importance: string | undefined;
  readonly platform: string;
  readonly holder: SloHolder;
}

export interface SloBook {
  /** These are declared from now on; each model and pipeline is to be put again. The first of one name holds. */
  declare(all: readonly DeclaredSlo[]): void;
  /** @returns what it has now; undefined where that is what it had */
  put(subject: SloSpec['subject'], view: View): SloHolder | undefined;
  /** @returns whether it had any */
  remove(subject: SloSpec['subject'], key: string): boolean;
  /** Those of which something was refused for want of room, as many as there is room for by now: to be put again. */
  returning(): readonly (readonly [SloSpec['subject'], EntityKey])[];
  /** Those with objectives, or with refused ones. */
  readonly holders: ReadonlyMap<string, SloHolder>;
  /** Objectives that do not hold, of all of them. */
  readonly refusedCount: number;
}

export function holderKey(subject: SloSpec['subject'], key: string): string {
  return `${subject} ${key}`;
}

export function createSloBook(most = MOST_SLOS_IN_ALL): SloBook {
  let generation = 0;
  let compiled = byNamespace([]);
  const known = new Map<string, Known>();
  const holders = new Map<string, SloHolder>();
  const lacksRoom = new Map<string, readonly [SloSpec['subject'], EntityKey]>();
  let [held, refusedCount] = [0, 0];

  function replace(key: string, next: SloHolder | undefined): void {
    const before = holders.get(key);
    held += (next?.objectives.length ?? 0) - (before?.objectives.length ?? 0);
    refusedCount += (next?.refused.length ?? 0) - (before?.refused.length ?? 0);
    if (next && next.objectives.length + next.refused.length > 0) holders.set(key, next);
    else holders.delete(key);
  }

  function found(subject: SloSpec['subject'], view: View, before: SloHolder | undefined): SloHolder {
    const all = compiled(view.namespace).filter(({ spec, selects }) => spec.subject === subject && selects(view));
    const room = Math.max(0, most - held + (before?.objectives.length ?? 0));
    const { taken, refused, isShort } = chosen(all, `${view.namespace}/${view.name}`, room, most);
    if (isShort) lacksRoom.set(holderKey(subject, view.key), [subject, view.key as EntityKey]);
    else lacksRoom.delete(holderKey(subject, view.key));
    const owner = ownerOf(view);
    return {
      ...{ subject, namespace: view.namespace, name: view.name, refused },
      ...(owner === undefined ? {} : { owner }),
      objectives: taken.map(({ selects: _, ...one }) => ({ ...one, bounds: boundsOf(one.spec, view, before) })),
    };
  }

  return {
    declare(all) {
      generation += 1;
      compiled = byNamespace(all.map(compile));
    },
    put(subject, view) {
      const key = holderKey(subject, view.key);
      const last = known.get(key);
      // Of most models of most fleets nothing is declared: they cost no memory.
      if (!last && compiled(view.namespace).length === 0) return undefined;
      const facts = { owner: ownerOf(view), importance: importanceOf(view), platform: view.platform };
      const isSame =
        last?.generation === generation &&
        !(held < most && lacksRoom.has(key)) &&
        last.owner === facts.owner &&
        last.importance === facts.importance &&
        last.platform === facts.platform;
      const holder = isSame ? withBounds(last.holder, view) : found(subject, view, last?.holder);
      if (isSame && holder === last.holder) return undefined;
      known.set(key, { generation, ...facts, holder });
      replace(key, holder);
      return holder;
    },
    remove(subject, name) {
      const key = holderKey(subject, name);
      known.delete(key);
      lacksRoom.delete(key);
      const had = holders.has(key);
      replace(key, undefined);
      return had;
    },
    returning: () => [...lacksRoom.values()].slice(0, Math.max(0, most - held)),
    holders,
    get refusedCount() {
      return refusedCount;
    },
  };
}

function compile(declared: DeclaredSlo): Compiled {
  const { spec } = declared;
  return {
    ...declared,
    tiers: burnTiers({ ...spec, perMinute: isPerMinute(spec) }),
    selects: selecting(spec.selector),
  };
}

function selecting({ names, platform, owner, importance }: SloSelector): (view: View) => boolean {
  const isNamed = anyOf(names);
  return (view) =>
    isNamed(view.name) &&
    (platform === undefined || view.platform === platform) &&
    (owner === undefined || ownerOf(view) === owner) &&
    (importance === undefined || importanceOf(view) === importance);
}

function anyOf(patterns: readonly string[] | undefined): (text: string) => boolean {
  if (!patterns) return () => true;
  const globs = patterns.map(glob);
  return (text) => globs.some((fits) => fits(text));
}

/**
 * Most objectives are of one namespace: a model looks at those of its own, and at those of several. In the order in which
 * they are declared.
 */
function byNamespace(all: readonly Compiled[]): (namespace: string) => readonly Compiled[] {
  const ofOne = new Map<string, number[]>();
  const ofMany: { readonly index: number; readonly fits: (namespace: string) => boolean }[] = [];
  all.forEach(({ spec, boundTo }, index) => {
    const namespaces = boundTo === undefined ? (spec.selector.namespaces ?? ['*']) : [boundTo];
    if (namespaces.some((one) => one.includes('*'))) ofMany.push({ index, fits: anyOf(namespaces) });
    else for (const one of new Set(namespaces)) listIn(ofOne, one).push(index);
  });
  const found = new Map<string, readonly Compiled[]>();
  return (namespace) => {
    const known = found.get(namespace);
    if (known) return known;
    const general = ofMany.filter(({ fits }) => fits(namespace)).map(({ index }) => index);
    const indices = [...(ofOne.get(namespace) ?? []), ...general].sort((a, b) => a - b);
    const held = indices.flatMap((index) => all[index] ?? []);
    found.set(namespace, held);
    return held;
  };
}

function listIn(lists: Map<string, number[]>, key: string): number[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** The first of each name, as many as one may have, and as there is room for. */
function chosen(all: readonly Compiled[], whose: string, room: number, most: number) {
  const taken = new Map<string, Compiled>();
  const refused: SloRefusal[] = [];
  let isShort = false;
  for (const one of all) {
    const { spec, place } = one;
    const holder = taken.get(spec.name);
    const text = holder
      ? `expected one objective ${spec.name} of ${whose}, got another beside ${holder.place}`
      : taken.size >= MOST_SLOS
        ? `expected at most ${MOST_SLOS} objectives of ${whose}, got ${spec.name} beside these`
        : taken.size >= room
          ? `expected at most ${most} objectives of all models and pipelines, got ${spec.name} of ${whose} beside these`
          : undefined;
    if (text === undefined) taken.set(spec.name, one);
    else refused.push({ place, text });
    isShort ||= !holder && taken.size < MOST_SLOS && text !== undefined;
  }
  return { taken: [...taken.values()], refused, isShort };
}

/** The same where no bound is another. */
function withBounds(holder: SloHolder, view: View): SloHolder {
  const objectives = holder.objectives.map((one) => {
    const bounds = boundsOf(one.spec, view, holder);
    return isAlike(bounds, one.bounds) ? one : { ...one, bounds };
  });
  return objectives.every((one, index) => one === holder.objectives[index]) ? holder : { ...holder, objectives };
}

const MEASURED: Partial<Record<SloIndicator, (view: ModelView) => readonly number[]>> = {
  latency: durationBounds,
  first_token: (view) => commonBounds(view, 'timeToFirstToken'),
  inter_token: (view) => commonBounds(view, 'interToken'),
};

/** While no replica answers, as they were: the threshold does not move because a server is down. */
function boundsOf(spec: SloSpec, view: View, before: SloHolder | undefined): readonly number[] {
  const measure = MEASURED[spec.indicator];
  if (!measure) return NO_BOUNDS;
  const now = 'endpoints' in view ? measure(view) : pipelineBounds(view);
  if (now.length > 0) return now;
  return before?.objectives.find((one) => one.spec.indicator === spec.indicator)?.bounds ?? NO_BOUNDS;
}

const NO_BOUNDS: readonly number[] = [];

function isAlike(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

function ownerOf(view: View): string | undefined {
  return 'owner' in view ? view.owner : undefined;
}

function importanceOf(view: View): string | undefined {
  return 'importance' in view ? view.importance : undefined;
}
