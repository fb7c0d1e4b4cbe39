/** What every server goes through at the end: it hangs, comes back, and is killed. */
import { METRICS } from '@modelwatch/contract';
import type { RealServer } from './real-server';
import type { Page, Watched } from './watched';

export interface Subject {
  readonly watched: Watched;
  readonly server: RealServer;
  /** Starts the killed server again, at the same address. */
  readonly restart: () => Promise<RealServer>;
  /** A model that serves, and has had requests. */
  readonly model: string;
  /** The server has its counters in files, so that they go on after a kill. */
  readonly keepsCounts?: true;
}

const inferenceSeries = (page: Page) =>
  Object.values(METRICS).flatMap(({ name }) => (name.startsWith('modelwatch_inference_') ? page.all(name) : []));
const stateOf = (page: Page, model: string) => page.holding(METRICS.modelServing, 'state', { model });

export function itShowsOutages(subject: () => Subject): void {
  it('is down while it hangs, without figures of before, and comes back with them', async () => {
    const { watched, server, model } = subject();
    const before = (await watched.page()).requests(model);
    server.hang();
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(0);
      expect(page.value(METRICS.endpointReady.name)).toBe(0);
      expect(page.all(METRICS.endpointModelReady.name, { model }).map(({ value }) => value)).not.toContain(1);
      expect(inferenceSeries(page)).toEqual([]);
      expect(stateOf(page, model)).toBe('failed');
    });
    server.resume();
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(1);
      expect(stateOf(page, model)).toBe('serving');
      expect(page.requests(model)).toEqual(before);
    });
  });

  it('is down when it is killed, and counts again when it is started again', async () => {
    const { watched, server, restart, model, keepsCounts } = subject();
    const before = (await watched.page()).requests(model);
    await server.kill();
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(0);
      expect(inferenceSeries(page)).toEqual([]);
      expect(stateOf(page, model)).toBe('failed');
    });
    await restart();
    await watched.shows((page) => {
      expect(page.value(METRICS.endpointUp.name)).toBe(1);
      expect(stateOf(page, model)).toBe('serving');
      if (keepsCounts) expect(page.requests(model)).toEqual(before);
      else expect(Object.values(page.requests(model)).filter((count) => count > 0)).toEqual([]);
    });
  });
}
