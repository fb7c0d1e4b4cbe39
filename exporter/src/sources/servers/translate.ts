/** What the translations of server metrics share. */
import type { RequestOutcome } from '@modelwatch/contract';
import type { HistogramSample, InferenceSample } from '../../domain/observation';
import type { ProbeTarget } from '../../domain/views';
import { modelName } from './names';
import type { TextSample } from './prometheus-text';

/** Sums by model and version. Several series of a server may be one of ours: they add up. */
export class Tally {
  private readonly rows = new Map<string, TallyRow>();

  constructor(private readonly target: Pick<ProbeTarget, 'versionSuffix'>) {}

  /** The row of a sample that carries labels `model` and `version`; none when it names no model. */
  row(sample: TextSample): TallyRow | undefined {
    const { model: label, version: versionLabel } = sample.labels;
    if (label === undefined || label === '') return undefined;
    const { model, version } = modelName(label, versionLabel, this.target.versionSuffix);
    const key = `${model}\n${version}`;
    let row = this.rows.get(key);
    if (!row) this.rows.set(key, (row = new TallyRow(model, version)));
    return row;
  }

  samples(): InferenceSample[] {
    return [...this.rows.values()].map((row) => row.sample());
  }
}

type Measure = 'durationSeconds' | 'queueSeconds' | 'batchSize';

export class TallyRow {
  private readonly requests: Partial<Record<RequestOutcome, number>> = {};
  private readonly measures: Partial<Record<Measure, { sum?: number; count?: number }>> = {};

  constructor(
    private readonly model: string,
    private readonly version: string
  ) {}

  request(outcome: RequestOutcome, count: number): void {
    this.requests[outcome] = (this.requests[outcome] ?? 0) + count;
  }

  sum(measure: Measure, value: number): void {
    const entry = (this.measures[measure] ??= {});
    entry.sum = (entry.sum ?? 0) + value;
  }

  count(measure: Measure, value: number): void {
    const entry = (this.measures[measure] ??= {});
    entry.count = (entry.count ?? 0) + value;
  }

  /** A measure of which only one half is there says nothing. */
  sample(): InferenceSample {
    const histograms: Partial<Record<Measure, HistogramSample>> = {};
    for (const [measure, { sum, count }] of Object.entries(this.measures) as [Measure, Partial<HistogramSample>][]) {
      if (sum !== undefined && count !== undefined) histograms[measure] = { buckets: [], sum, count };
    }
    return { model: this.model, version: this.version, requests: this.requests, ...histograms };
  }
}
