/** What Prometheus said of coverage, joined into a row per model, and one per reason for which anything is not there. */
import {
  COVERAGE_PARTS,
  COVERAGE_STATES,
  RECORDED,
  UNSEEN_PARTS,
  type CoveragePart,
  type CoverageState,
  type UnseenPart,
} from '@modelwatch/contract';
import { COVERAGE_FIGURES, type CoverageFigure } from '../../query/coverage';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';

/** Of the last hour; what nobody said is absent, never 0. */
export interface CoverageRow extends ModelId {
  readonly state?: CoverageState | undefined;
  readonly rows: ReadonlyMap<CoveragePart, number>;
  /** Share of the received rows; absent with too few of them. */
  readonly ratios: ReadonlyMap<CoveragePart, number>;
  /** Largest of the parts that drift is not computed from, which is at least not seen: a row can be in several. */
  readonly unseen?: { readonly part: UnseenPart; readonly ratio: number } | undefined;
  /** Those by reason added up. */
  readonly figures: ReadonlyMap<CoverageFigure, number>;
  readonly joined?: number | undefined;
  readonly lastPredictionMs?: number | undefined;
}

export interface CoverageReason extends ModelId {
  /** What it is of. */
  readonly of: (typeof OF_REASON)[number];
  readonly reason: string;
  readonly count: number;
}

export interface CoverageJoin {
  readonly rows: readonly CoverageRow[];
  readonly reasons: readonly CoverageReason[];
  /** Samples that could not be used, by what is wrong with them. */
  readonly dropped: ReadonlyMap<string, number>;
}

/** What is told by reason, or by outcome. */
const OF_REASON = ['dropped', 'refused_requests', 'actuals'] as const satisfies readonly CoverageFigure[];

class OfModel {
  readonly states = new Set<string>();
  readonly rows = new Map<CoveragePart, number>();
  readonly ratios = new Map<CoveragePart, number>();
  readonly figures = new Map<CoverageFigure, number>();
  readonly reasons: CoverageReason[] = [];
  joined: number | undefined;
  lastPrediction: number | undefined;

  constructor(readonly id: ModelId) {}

  /** @returns what is wrong with the sample */
  take({ labels, value }: Sample): string | undefined {
    const part = COVERAGE_PARTS.find((one) => one === labels['part']);
    switch (labels['__name__']) {
      case RECORDED.modelCoverage.name:
        if (value === 1) this.states.add(labels['state'] ?? '');
        return undefined;
      case RECORDED.modelLastPrediction.name:
        this.lastPrediction = value;
        return undefined;
      case RECORDED.coverageRows.name:
        return part ? void this.rows.set(part, value) : 'unknown part of coverage';
      case RECORDED.coverageRatio.name:
        return part ? void this.ratios.set(part, value) : 'unknown part of coverage';
      default:
        return this.takeFigure(labels, value);
    }
  }

  private takeFigure({ figure: name, reason, outcome }: Sample['labels'], value: number): string | undefined {
    const figure = COVERAGE_FIGURES.find((one) => one === name);
    if (!figure) return 'unknown series';
    this.figures.set(figure, (this.figures.get(figure) ?? 0) + value);
    if (figure === 'actuals' && outcome === 'joined') this.joined = value;
    const of = OF_REASON.find((one) => one === figure);
    if (of && outcome !== 'joined') this.reasons.push({ ...this.id, of, reason: reason ?? outcome ?? '', count: value });
    return undefined;
  }
}

function rowOf({ id, states, rows, ratios, figures, joined, lastPrediction }: OfModel): CoverageRow {
  const unseen = UNSEEN_PARTS.flatMap((part) => {
    const ratio = ratios.get(part);
    return ratio === undefined ? [] : [{ part, ratio }];
  }).sort((a, b) => b.ratio - a.ratio);
  return {
    ...id,
    // Two may hold for a moment while rules are evaluated: the worse is shown.
    state: COVERAGE_STATES.find((state) => states.has(state)),
    ...{ rows, ratios, figures, joined },
    unseen: unseen[0],
    lastPredictionMs: lastPrediction === undefined ? undefined : lastPrediction * 1000,
  };
}

const place = ({ state }: CoverageRow): number =>
  state === undefined ? COVERAGE_STATES.length : COVERAGE_STATES.indexOf(state);

function compareRows(a: CoverageRow, b: CoverageRow): number {
  return place(a) - place(b) || (b.unseen?.ratio ?? 0) - (a.unseen?.ratio ?? 0) || compareModels(a, b);
}

/** Worst first; of reasons those with most within a model, in the order of the models. */
export function joinCoverage(samples: readonly Sample[]): CoverageJoin {
  const models = new Map<string, OfModel>();
  const dropped = new Map<string, number>();
  for (const sample of samples) {
    const id = modelIdOf(sample.labels);
    const model = id && (models.get(modelIdKey(id)) ?? new OfModel(id));
    if (id && model) models.set(modelIdKey(id), model);
    const wrong = model ? model.take(sample) : NAMELESS;
    if (wrong) dropped.set(wrong, (dropped.get(wrong) ?? 0) + 1);
  }
  const rows = [...models.values()].map(rowOf).sort(compareRows);
  const reasons = rows.flatMap((row) =>
    // Less than half a row is the share of one in what came shortly before the hour.
    (models.get(modelIdKey(row))?.reasons ?? [])
      .filter(({ count }) => count >= 0.5)
      .sort((a, b) => OF_REASON.indexOf(a.of) - OF_REASON.indexOf(b.of) || b.count - a.count)
  );
  return { rows, reasons, dropped };
}
