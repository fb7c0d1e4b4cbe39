export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** What is parsed takes ten times the memory of its text, so it is one body at a time. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
