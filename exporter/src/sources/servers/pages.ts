/**
 * The pages of metrics of one endpoint over time: the server's own, and those of the containers beside it. Each fails for
 * itself: after two polls in a row without it what it measured vanishes, and nothing else does.
 */
import type { InferenceCapability } from '@modelwatch/contract';
import type { InferenceSample } from '../../domain/observation';
import type { Measured } from './endpoint';

/** After so many polls without a page what it measured vanishes. */
export const SILENT_AFTER = 2;

export interface Page {
  readonly url: string;
  /** The server's own; else that of a container in front of it. */
  readonly own: boolean;
}

interface PageState {
  missed: number;
  /** What it last said, for as long as that holds. */
  measured?: Measured;
  answered: boolean;
}

/** What those who asked a server saw: measured in one place only. */
const SEEN_FROM_OUTSIDE: readonly InferenceCapability[] = [
  'requests',
  'outcomes',
  'error_sides',
  'duration',
  'duration_buckets',
];

export class Pages<Of extends Page> {
  private readonly states = new Map<string, PageState>();
  private silent = false;
  /**
   * Who counts the requests. A container in front of the server sees more, so it does once it has answered, and for good:
   * were the server's counters put in the place of its own, the series would jump. For the same reason a server that has
   * counted in its place, because it did not answer, goes on to.
   */
  private counting: 'front' | 'server' | undefined;

  /**
   * Polls all pages. Undefined: nothing is to be told; `silent`: the endpoint measures nothing any more.
   * @param failed told of each page that did not answer
   */
  async poll(
    pages: readonly Of[],
    read: (page: Of) => Promise<Measured>,
    failed: (error: unknown) => void
  ): Promise<Measured | 'silent' | undefined> {
    for (const url of this.states.keys()) if (!pages.some((page) => page.url === url)) this.states.delete(url);
    const answers = await Promise.all(
      pages.map(async (page) => {
        try {
          return await read(page);
        } catch (error) {
          failed(error);
          return undefined;
        }
      })
    );
    pages.forEach(({ url }, index) => this.keep(url, answers[index]));
    const states = pages.flatMap(({ url }) => this.states.get(url) ?? []);
    if (states.some(({ measured }) => measured)) {
      this.silent = false;
      return answers.some(Boolean) ? this.together(pages) : undefined;
    }
    if (this.silent || states.some(({ missed }) => missed < SILENT_AFTER)) return undefined;
    this.silent = true;
    return 'silent';
  }

  private keep(url: string, measured: Measured | undefined): void {
    const state = this.states.get(url) ?? { missed: 0, answered: false };
    this.states.set(url, state);
    if (measured) {
      state.missed = 0;
      state.answered = true;
      state.measured = measured;
      return;
    }
    state.missed += 1;
    if (state.missed >= SILENT_AFTER) delete state.measured;
  }

  private together(pages: readonly Of[]): Measured {
    const statesOf = (own: boolean) =>
      pages.flatMap((page) => (page.own === own ? (this.states.get(page.url) ?? []) : []));
    const server = statesOf(true).flatMap(({ measured }) => measured ?? []);
    const beside = statesOf(false);
    if (beside.length === 0) return join(server);
    this.decide(beside, server);
    const front = beside.flatMap(({ measured }) => measured ?? []);
    return join([
      ...server.map((measured) => (this.counting === 'server' ? measured : withoutRequests(measured))),
      ...front.map((measured) => (this.counting === 'front' ? measured : withoutRequests(measured))),
    ]);
  }

  private decide(beside: readonly PageState[], server: readonly Measured[]): void {
    const answered = beside.some((state) => state.answered);
    if (answered && (this.counting !== 'server' || !hasCounted(server))) this.counting = 'front';
    else if (beside.every(({ missed }) => missed >= SILENT_AFTER)) this.counting ??= 'server';
  }
}

function hasCounted(server: readonly Measured[]): boolean {
  return server.some(({ samples }) =>
    samples.some(({ requests }) => Object.values(requests).some((count) => count > 0))
  );
}

/** What the server itself saw of how long requests took is the time that it worked on them, where it says nothing better. */
function withoutRequests({ samples, capabilities, ...rest }: Measured): Measured {
  const works = capabilities.includes('duration') ? (['execution'] as const) : [];
  return {
    ...rest,
    samples: samples.map((sample) => {
      const { duration, ...histograms } = sample.histograms;
      const execution = histograms.execution ?? duration;
      return { ...sample, requests: {}, histograms: { ...histograms, ...(execution ? { execution } : {}) } };
    }),
    capabilities: [...capabilities.filter((one) => !SEEN_FROM_OUTSIDE.includes(one)), ...works],
  };
}

/** One sample per model and version; of what two pages have, the later one's. */
function join(all: readonly Measured[]): Measured {
  const [only] = all;
  if (only && all.length === 1) return only;
  const samples = new Map<string, InferenceSample>();
  for (const sample of all.flatMap((each) => each.samples)) {
    const key = JSON.stringify([sample.model, sample.version]);
    const before = samples.get(key);
    samples.set(key, before ? joinSamples(before, sample) : sample);
  }
  const replica = all.reduce((figures, each) => ({ ...figures, ...each.replica }), {});
  return {
    samples: [...samples.values()],
    capabilities: [...new Set(all.flatMap(({ capabilities }) => capabilities))],
    ...(all.some((each) => each.replica) ? { replica } : {}),
  };
}

function joinSamples(a: InferenceSample, b: InferenceSample): InferenceSample {
  return {
    model: a.model,
    version: a.version,
    requests: { ...a.requests, ...b.requests },
    histograms: { ...a.histograms, ...b.histograms },
    numbers: { ...a.numbers, ...b.numbers },
    tokens: { ...a.tokens, ...b.tokens },
    finished: { ...a.finished, ...b.finished },
    adapters: [...a.adapters, ...b.adapters],
  };
}
