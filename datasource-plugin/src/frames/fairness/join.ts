/** What Prometheus said of fairness, joined into rows: one for each group of a protected attribute and metric. */
import {
  DRIFT_WINDOWS,
  FAIRNESS_METRICS,
  FAIRNESS_STATES,
  RATE_OF_FAIRNESS,
  RECORDED,
  type FairnessMetric,
  type FairnessState,
  type GroupRate,
} from '@modelwatch/contract';
import { compareModels, modelIdKey, modelIdOf, NAMELESS, type ModelId } from '../identity';
import type { Sample } from '../samples';

export interface FairnessRow extends ModelId {
  readonly segment: string;
  /** Empty: no group has rows. */
  readonly group: string;
  readonly metric: FairnessMetric;
  readonly state?: FairnessState | undefined;
  readonly rate: GroupRate;
  readonly groupRate?: number | undefined;
  readonly referenceGroup?: string | undefined;
  readonly referenceRate?: number | undefined;
  readonly score?: number | undefined;
  /** Difference of the rates that chance can make. */
  readonly margin?: number | undefined;
  readonly warning?: number | undefined;
  readonly critical?: number | undefined;
  readonly rows?: number | undefined;
  readonly rowsNeeded?: number | undefined;
  readonly favourableClass: string;
  readonly window: string;
}

export interface FairnessJoin {
  readonly rows: readonly FairnessRow[];
  /** Samples that could not be used, by reason. */
  readonly dropped: ReadonlyMap<string, number>;
}

type Names = ReadonlyMap<string, ReadonlyMap<string, string>>;
type Labels = Sample['labels'];

class OfModel {
  readonly settings = new Map<string, Labels>();
  readonly values = new Map<string, number>();
  readonly references = new Map<string, { readonly group: string; readonly rate: number }>();
  readonly states = new Map<string, { readonly labels: Labels; readonly found: Set<string> }>();

  constructor(readonly id: ModelId) {}
}

const keyOf = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts.map((part) => part ?? ''));

function take(model: OfModel, { labels, value }: Sample): void {
  const { __name__: name, segment, value: group, window, rate, metric, level } = labels;
  switch (name) {
    case RECORDED.fairnessSettings.name:
      model.settings.set(segment ?? '', labels);
      return;
    case RECORDED.fairnessReferenceRate.name:
      model.references.set(keyOf(segment, rate, window), { group: group ?? '', rate: value });
      return;
    case RECORDED.fairnessState.name: {
      const key = keyOf(segment, group, metric, window);
      const held = model.states.get(key) ?? { labels, found: new Set<string>() };
      model.states.set(key, held);
      held.found.add(labels['state'] ?? '');
      return;
    }
    default:
      model.values.set(keyOf(name, segment, group, metric ?? rate, window, level), value);
  }
}

/** Without a window asked for, that of the attribute's own settings. */
function rowsOf(model: OfModel, names: Names | undefined): FairnessRow[] {
  return [...model.states.values()].flatMap(({ labels, found }): FairnessRow[] => {
    const { segment = '', value: group = '', window = '' } = labels;
    const metric = FAIRNESS_METRICS.find((each) => each === labels['metric']);
    if (!metric) return [];
    const rate = RATE_OF_FAIRNESS[metric];
    const value = (series: { readonly name: string }, by: string) =>
      model.values.get(keyOf(series.name, segment, group, by, window, ''));
    const limit = (level: string) => model.values.get(keyOf(RECORDED.fairnessLimit.name, '', '', metric, '', level));
    const reference = model.references.get(keyOf(segment, rate, window));
    const named = (one: string) => names?.get(segment)?.get(one) ?? one;
    return [
      {
        ...{ ...model.id, segment, group: named(group), metric, rate, window },
        // Two may hold for a moment while rules are evaluated: the worse is shown.
        state: FAIRNESS_STATES.find((state) => found.has(state)),
        groupRate: value(RECORDED.fairnessRate, rate),
        referenceGroup: reference && named(reference.group),
        referenceRate: reference?.rate,
        score: value(RECORDED.fairnessScore, metric),
        margin: value(RECORDED.fairnessMargin, rate),
        ...{ warning: limit('warning'), critical: limit('critical') },
        rows: value(RECORDED.fairnessRows, rate),
        rowsNeeded: model.values.get(keyOf(RECORDED.fairnessRowsNeeded.name, '', '', '', '', '')),
        favourableClass: model.settings.get(segment)?.['favourable_class'] ?? '',
      },
    ];
  });
}

const place = (state: FairnessState | undefined): number =>
  state === undefined ? FAIRNESS_STATES.length : FAIRNESS_STATES.indexOf(state);

/** Worst first; groups of one attribute and metric by what they are called. */
function compareRows(a: FairnessRow, b: FairnessRow): number {
  return (
    compareModels(a, b) ||
    place(a.state) - place(b.state) ||
    a.segment.localeCompare(b.segment) ||
    FAIRNESS_METRICS.indexOf(a.metric) - FAIRNESS_METRICS.indexOf(b.metric) ||
    a.group.localeCompare(b.group, undefined, { numeric: true }) ||
    DRIFT_WINDOWS.findIndex((one) => one === a.window) - DRIFT_WINDOWS.findIndex((one) => one === b.window)
  );
}

/** @param names of groups by attribute, then by label; where the exporter tells them */
export function joinFairness(samples: readonly Sample[], names?: Names): FairnessJoin {
  const models = new Map<string, OfModel>();
  let nameless = 0;
  for (const sample of samples) {
    const id = modelIdOf(sample.labels);
    if (!id) {
      nameless += 1;
      continue;
    }
    const model = models.get(modelIdKey(id)) ?? new OfModel(id);
    models.set(modelIdKey(id), model);
    take(model, sample);
  }
  const rows = [...models.values()].flatMap((model) => rowsOf(model, names)).sort(compareRows);
  return { rows, dropped: new Map(nameless > 0 ? [[NAMELESS, nameless]] : []) };
}
