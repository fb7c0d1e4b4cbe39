/**
 * Who of a group reads which partitions. Request and response of one prediction may be in different partitions, and of
 * different topics: they meet only in one exporter, so topics that belong together go to one member as a whole.
 */
export interface Member {
  readonly id: string;
  /** That it asked for. */
  readonly topics: ReadonlySet<string>;
}

export interface Subscribed {
  readonly topic: string;
  readonly partitions: number;
}

export interface Assigned {
  readonly topic: string;
  readonly partition: number;
}

/** The same for the same input, in whatever order it comes. @returns partitions by member */
export function assignPartitions(
  members: readonly Member[],
  topics: readonly Subscribed[],
  togetherOf: (topic: string) => string | undefined
): ReadonlyMap<string, readonly Assigned[]> {
  const inOrder = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const assigned = new Map(inOrder.map(({ id }) => [id, [] as Assigned[]]));
  const give = (wanted: readonly Assigned[]): void => {
    const able = inOrder.filter(({ topics: own }) => wanted.every(({ topic }) => own.has(topic)));
    const [least] = able.map(({ id }) => assigned.get(id) ?? []).sort((a, b) => a.length - b.length);
    least?.push(...wanted);
  };
  const together = new Map<string, Assigned[]>();
  const alone: Assigned[] = [];
  for (const { topic, partitions } of [...topics].sort((a, b) => (a.topic < b.topic ? -1 : 1))) {
    const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
    const key = togetherOf(topic);
    if (key === undefined) alone.push(...all);
    else together.set(key, [...(together.get(key) ?? []), ...all]);
  }
  // The large ones first, so that the small ones even it out.
  for (const all of [...together.values()].sort((a, b) => b.length - a.length)) give(all);
  for (const one of alone) give([one]);
  return assigned;
}
