/** Two watches of one kind whose label selectors overlap: whatever comes late, what is told ends as it is. */
import fc from 'fast-check';
import type { Observation } from '../../domain/observation';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { KINDS } from './kinds';
import { createStore, type View } from './store';

/** An object at one moment, and which selectors choose it. Its version is the place in the history, from 8 on. */
interface Moment {
  readonly name: 'x' | 'y';
  readonly exists: boolean;
  readonly chosen: readonly [boolean, boolean];
}
type Event = (view: View) => void;

const object = (name: string, place: number) => ({
  metadata: { name, namespace: 'ns', uid: name, resourceVersion: String(place + 8), generation: place + 8 },
  spec: { storageUri: 's3://x' },
});

/** What the API server sends to a watch with the selector: an object that leaves it is deleted there. */
function eventsOf(history: readonly Moment[], selector: 0 | 1): Event[] {
  const shown = new Set<string>();
  return history.flatMap(({ name, exists, chosen }, place): Event[] => {
    const raw = object(name, place);
    if (exists && chosen[selector]) {
      shown.add(name);
      return [(view) => view.applied(raw)];
    }
    return shown.delete(name) ? [(view) => view.deleted(raw)] : [];
  });
}

/** The watch breaks off and begins again from before: a part comes twice. */
const replayed = (events: Event[], at: number, back: number): Event[] => [
  ...events.slice(0, at),
  ...events.slice(Math.max(0, at - back)),
];

const moment = fc.record({
  name: fc.constantFrom('x' as const, 'y' as const),
  exists: fc.boolean(),
  chosen: fc.tuple(fc.boolean(), fc.boolean()),
});
const replay = fc.tuple(fc.nat(12), fc.nat(12));

describe('overlapping label selectors', () => {
  it('end with what is there, in its newest version, in whatever order the watches tell of it', () => {
    fc.assert(
      fc.property(
        fc.array(moment, { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.tuple(replay, replay),
        (history, order, replays) => {
          const held = new Map<string, number | undefined>();
          const wentBack: string[] = [];
          const tell = (one: Observation) => {
            if (one.kind === 'resource-deleted') held.delete(one.name);
            if (one.kind !== 'resource-applied') return;
            const { name, generation = 0 } = one.resource.meta;
            if (generation < (held.get(name) ?? 0)) wentBack.push(name);
            held.set(name, generation);
          };
          const [kind] = KINDS;
          if (!kind) throw new Error('no kinds');
          const store = createStore(kind, tell, NO_TELEMETRY);
          const watches = ([0, 1] as const).map((selector) => ({
            view: store.view('v1'),
            events: replayed(eventsOf(history, selector), ...replays[selector]),
          }));
          for (const second of [...order, ...Array<boolean>(60).fill(false), ...Array<boolean>(60).fill(true)]) {
            const watch = watches[second ? 1 : 0];
            if (watch) watch.events.shift()?.(watch.view);
          }

          const there = new Map<string, number>();
          history.forEach(({ name, exists, chosen }, place) => {
            if (exists && (chosen[0] || chosen[1])) there.set(name, place + 8);
            else there.delete(name);
          });
          expect([...held].sort()).toEqual([...there].sort());
          expect(wentBack).toEqual([]);
          expect(store.size).toBe(there.size);
        }
      ),
      { numRuns: 2_000 }
    );
  });
});
