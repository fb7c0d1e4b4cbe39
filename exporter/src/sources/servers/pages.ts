/**
 * The pages of metrics of one endpoint over time: the server's own, and those of the containers beside it. Each fails for
 * itself: after two polls in a row without it what it measured vanishes, and nothing else does.
 */
import { INFERENCE_CAPABILITIES, type InferenceCapability } from '@modelwatch/contract';
import type { InferenceSample } from '../../domain/observation';
import type { Measured } from './endpoint';

/** After so many polls without a page what it measured vanishes. */
const SILENT_AFTER = 2;

export interface Page {
  readonly url: string;
  /** The server's own; else that of a container in front of it. */
  readonly own: boolean;
}

interface PageState {
  missed: number;
  /** What it last said, for as long as that holds. */
  measured?: Measured;
}

/** What those who asked a server saw: measured in one place only. */
const SEEN_FROM_OUTSIDE: readonly InferenceCapability[] = [
  'requests',
  'outcomes',
  'error_sides',
  'duration',
  'duration_buckets',
];

/** What a container in front of a server may be able to say. */
const BY_FRONT: ReadonlySet<InferenceCapability> = new Set([...SEEN_FROM_OUTSIDE, 'versions']);

export class Pages<Of extends Page> {
  private readonly states = new Map<string, PageState>();
  private silent = false;

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
    const fell = pages.filter(({ url }, index) => this.keep(url, answers[index])).length > 0;
    const states = pages.flatMap(({ url }) => this.states.get(url) ?? []);
    if (states.some(({ measured }) => measured)) {
      this.silent = false;
      return fell || answers.some(Boolean) ? this.together(pages) : undefined;
    }
    if (this.silent || states.some(({ missed }) => missed < SILENT_AFTER)) return undefined;
    this.silent = true;
    return 'silent';
  }

  /** Whether what the page measured vanishes with this poll. */
  private keep(url: string, measured: Measured | undefined): boolean {
    const state = this.states.get(url) ?? { missed: 0 };
    this.states.set(url, state);
    if (measured) {
      state.missed = 0;
      state.measured = measured;
      return false;
    }
    state.missed += 1;
    if (state.missed < SILENT_AFTER) return false;
    delete state.measured;
    return state.missed === SILENT_AFTER;
  }

  /**
   * Where a container is in front of the server only it counts the requests, whether it answers or not: what counts must
   * not depend on what this process happened to see, or two exporters would tell the same requests from two counters.
   */
  private together(pages: readonly Of[]): Measured {
    const told = (own: boolean) =>
      pages.flatMap((page) => (page.own === own ? (this.states.get(page.url)?.measured ?? []) : []));
    const [server, front] = [told(true), told(false)];
    if (pages.every(({ own }) => own)) return join(server);
    const joined = join([...server.map(withoutRequests), ...front]);
    const unknown = INFERENCE_CAPABILITIES.filter(
      (one) => !joined.capabilities.includes(one) && this.couldBeSaid(one, pages)
    );
    return { ...joined, ...(unknown.length > 0 ? { unknown } : {}) };
  }

  /** Whether somebody who is silent may be able to say it. */
  private couldBeSaid(capability: InferenceCapability, pages: readonly Of[]): boolean {
    const outside = SEEN_FROM_OUTSIDE.includes(capability);
    return pages.some(({ own, url }) => !this.states.get(url)?.measured && (own ? !outside : BY_FRONT.has(capability)));
  }
}

/** What the server itself saw of how long requests took is the time that it worked on them, where it says nothing better. */
function withoutRequests({ samples, capabilities, ...rest }: Measured): Measured {
  const works = capabilities.includes('duration') ? (['execution'] as const) : [];
  return {
    ...rest,
    samples: samples.map((sample) => {
      const { duration, ...histograms } = sample.histograms;
      const execution = histograms.execution ?? duration;
      return {
        ...sample,
        requests: {},
        responses: {},
        histograms: { ...histograms, ...(execution ? { execution } : {}) },
      };
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
    responses: { ...a.responses, ...b.responses },
    histograms: { ...a.histograms, ...b.histograms },
    numbers: { ...a.numbers, ...b.numbers },
    tokens: { ...a.tokens, ...b.tokens },
    finished: { ...a.finished, ...b.finished },
    adapters: [...a.adapters, ...b.adapters],
  };
}
