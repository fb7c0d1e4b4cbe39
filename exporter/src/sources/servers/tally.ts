/** Sums by model and version while a page of metrics is translated. */
import type {
  AdapterPhase,
  FinishReason,
  InferenceHistogram,
  InferenceNumber,
  RequestOutcome,
  ResponseCode,
  TokenDirection,
} from '@modelwatch/contract';
import type { HistogramSample, InferenceSample } from '../../domain/observation';
import { inSteps } from './text/steps';

export class Tally {
  private readonly models = new Map<string, Map<string, TallyRow>>();
  private readonly bounds = new Bounds();

  row(model: string, version: string): TallyRow {
    let versions = this.models.get(model);
    if (!versions) this.models.set(model, (versions = new Map()));
    let row = versions.get(version);
    if (!row) versions.set(version, (row = new TallyRow(model, version, this.bounds)));
    return row;
  }

  rows(): TallyRow[] {
    return [...this.models.values()].flatMap((versions) => [...versions.values()]);
  }

  async samples(): Promise<InferenceSample[]> {
    const rows = this.rows();
    const samples: InferenceSample[] = [];
    await inSteps(rows.length, (from, to) => {
      for (let at = from; at < to; at += 1) samples.push((rows[at] as TallyRow).sample());
    });
    return samples;
  }
}

/** Upper bounds by their labels: a page has few, and repeats them for every model. */
class Bounds {
  private readonly scales = new Map<number, Map<string, number>>();

  /** In base units; not finite for +Inf and for what is no number. */
  of(label: string | undefined, scale: number): number {
    if (label === undefined) return NaN;
    let known = this.scales.get(scale);
    if (!known) this.scales.set(scale, (known = new Map()));
    let bound = known.get(label);
    // 35 microseconds are 0.000035 s, not 0.000034999999999999995.
    if (bound === undefined) known.set(label, (bound = Number((Number(label) * scale).toPrecision(12))));
    return bound;
  }
}

interface Parts {
  sum?: number;
  count?: number;
  /** By upper bound. */
  readonly buckets: Map<number, number>;
}

/** Most samples have none of these: they share one. */
const NOTHING = Object.freeze({});
const NO_ADAPTERS: InferenceSample['adapters'] = Object.freeze([]);
const MAX_ADAPTERS = 50;

export class TallyRow {
  private readonly requests: Partial<Record<RequestOutcome, number>> = {};
  private responses: Record<ResponseCode, number> | undefined;
  private histograms: Partial<Record<InferenceHistogram, Parts>> | undefined;
  private numbers: Partial<Record<InferenceNumber, number>> | undefined;
  private tokens: Partial<Record<TokenDirection, number>> | undefined;
  private finished: Partial<Record<FinishReason, number>> | undefined;
  private active: { readonly atSeconds: number; readonly phases: Map<string, AdapterPhase> } | undefined;
  private differences: Map<number, { of: number; less: number }> | undefined;

  constructor(
    readonly model: string,
    readonly version: string,
    private readonly bounds: Bounds
  ) {}

  request(outcome: RequestOutcome, count: number): void {
    this.requests[outcome] = (this.requests[outcome] ?? 0) + count;
  }

  /** Whoever counts one status counts all: those without a series were not given. */
  response(code: ResponseCode, count: number): void {
    this.responses ??= { '401': 0, '403': 0, '429': 0, other: 0 };
    this.responses[code] += count;
  }

  token(direction: TokenDirection, count: number): void {
    this.tokens ??= {};
    this.tokens[direction] = (this.tokens[direction] ?? 0) + count;
  }

  finish(reason: FinishReason, count: number): void {
    this.finished ??= {};
    this.finished[reason] = (this.finished[reason] ?? 0) + count;
  }

  number(name: InferenceNumber, value: number, combine: 'add' | 'highest'): void {
    this.numbers ??= {};
    const before = this.numbers[name];
    this.numbers[name] = before === undefined ? value : combine === 'add' ? before + value : Math.max(before, value);
  }

  sum(measure: InferenceHistogram, value: number): void {
    const parts = this.parts(measure);
    parts.sum = (parts.sum ?? 0) + value;
  }

  count(measure: InferenceHistogram, value: number): void {
    const parts = this.parts(measure);
    parts.count = (parts.count ?? 0) + value;
  }

  /** A bucket by its label `le`; that of +Inf is the count. */
  bucket(measure: InferenceHistogram, labels: Readonly<Record<string, string>>, value: number, scale: number): void {
    const le = this.bounds.of(labels['le'], scale);
    if (!Number.isFinite(le)) return;
    const { buckets } = this.parts(measure);
    buckets.set(le, (buckets.get(le) ?? 0) + value);
  }

  /** A sample of a histogram by its name: bucket, sum or count. */
  part(
    measure: InferenceHistogram,
    name: string,
    labels: Readonly<Record<string, string>>,
    value: number,
    scale: number
  ): void {
    if (name.endsWith('_sum')) this.sum(measure, value * scale);
    else if (name.endsWith('_count')) this.count(measure, value);
    else this.bucket(measure, labels, value, scale);
  }

  /** Two counters of which the difference is wanted. */
  difference(at: number, part: 'of' | 'less', value: number): void {
    this.differences ??= new Map();
    const parts = this.differences.get(at) ?? { of: 0, less: 0 };
    parts[part] += value;
    this.differences.set(at, parts);
  }

  differenceParts(at: number): { readonly of: number; readonly less: number } | undefined {
    return this.differences?.get(at);
  }

  /**
   * Names of adapters in labels, separated by commas; one that runs does not only wait. A server leaves each list that it
   * ever wrote on the page: the value is the time of writing, and the newest one counts.
   */
  adapters(
    labels: Readonly<Record<string, string>>,
    atSeconds: number,
    { running, waiting }: { readonly running: string; readonly waiting: string }
  ): void {
    if (this.active && this.active.atSeconds > atSeconds) return;
    const phases = new Map<string, AdapterPhase>();
    for (const [label, phase] of [
      [waiting, 'waiting'],
      [running, 'running'],
    ] as const) {
      for (const name of (labels[label] ?? '').split(',').map((one) => one.trim().slice(0, 253))) {
        if (name && (phases.size < MAX_ADAPTERS || phases.has(name))) phases.set(name, phase);
      }
    }
    this.active = { atSeconds, phases };
  }

  sample(): InferenceSample {
    return {
      model: this.model,
      version: this.version,
      requests: this.requests,
      responses: this.responses ?? NOTHING,
      histograms: this.whole(),
      numbers: this.numbers ?? NOTHING,
      tokens: this.tokens ?? NOTHING,
      finished: this.finished ?? NOTHING,
      adapters: this.active ? [...this.active.phases].map(([name, phase]) => ({ name, phase })) : NO_ADAPTERS,
    };
  }

  private parts(measure: InferenceHistogram): Parts {
    this.histograms ??= {};
    return (this.histograms[measure] ??= { buckets: new Map() });
  }

  /** A measure of which only one half is there says nothing. */
  private whole(): InferenceSample['histograms'] {
    if (!this.histograms) return NOTHING;
    const found: Partial<Record<InferenceHistogram, HistogramSample>> = {};
    for (const [measure, { sum, count, buckets }] of Object.entries(this.histograms) as [InferenceHistogram, Parts][]) {
      if (sum === undefined || count === undefined) continue;
      const sorted = [...buckets].sort(([a], [b]) => a - b).map(([le, within]) => ({ le, count: within }));
      found[measure] = { buckets: risesTo(count, sorted) ? sorted : [], sum, count };
    }
    return found;
  }
}

/** Buckets that fall, or hold more than there was, are no histogram: sum and count stand without them. */
function risesTo(count: number, buckets: HistogramSample['buckets']): boolean {
  let before = 0;
  for (const bucket of buckets) {
    if (bucket.count < before || bucket.count > count) return false;
    before = bucket.count;
  }
  return true;
}
