/** What pairs of prediction and actual amount to, and what accuracy is held against. */
import {
  ACTUAL_OUTCOMES,
  type BaselineMetric,
  DRIFT_LEVELS,
  METRICS,
  OTHER_CLASSES,
  PREDICTION_AGES,
  type PredictionAge,
  SCORED_STAGES,
} from '@modelwatch/contract';
import type { AccuracyPlan } from '../domain/accuracy/settings';
import type { AccuracySlot, AccuracySums } from '../domain/accuracy/slot';
import type { ModelEvents } from '../domain/events/model-events';
import type { Row } from './row';
import { histogramRow, known, row } from './text';

interface Named {
  readonly namespace: string;
  readonly model: string;
}

/** Of a model whose predictions are joined. Each counter is 0 in the first scrape that has it. */
export const actualRows: readonly Row<ModelEvents>[] = [
  row(METRICS.actuals, (model: ModelEvents) =>
    ACTUAL_OUTCOMES.map((outcome) => ({
      labels: { ...id(model), outcome },
      value: model.accuracy?.seen ? model.accuracy.actuals[outcome] : 0,
    }))
  ),
  row(METRICS.openPredictions, (model: ModelEvents) => [{ labels: id(model), value: model.accuracy?.open ?? 0 }]),
  row(METRICS.expiredPredictions, (model: ModelEvents) => [
    { labels: id(model), value: model.accuracy?.seen ? model.accuracy.expired : 0 },
  ]),
  histogramRow(METRICS.actualDelay, (model: ModelEvents) => {
    if (!model.accuracy) return [];
    const { delay, seen } = model.accuracy;
    const buckets = delay.buckets().map(({ le, count }) => ({ le, count: seen ? count : 0 }));
    return [{ labels: id(model), buckets, sum: seen ? delay.sum : 0, count: seen ? delay.count : 0 }];
  }),
];

/** The sums of one version. */
export interface AccuracySlotView extends Named {
  readonly slot: AccuracySlot;
}

/** A label of a family beside those that all have, and the sum that it stands for. */
type Part<Label extends string> = readonly [Readonly<Record<Label, string>>, number];

/** Sums of the tasks and scores that the model does not have are left out. */
function sums<Label extends string>(
  { namespace, model, slot }: AccuracySlotView,
  parts: (sums: AccuracySums, plan: AccuracyPlan) => readonly Part<Label>[]
) {
  const { version, plan, seen } = slot;
  return PREDICTION_AGES.flatMap((age) =>
    parts(slot.ages[age], plan).map(([labels, value]) => {
      const pair: { namespace: string; model: string; version: string; age: PredictionAge } = {
        ...{ namespace, model, version, age },
      };
      return { labels: { ...pair, ...labels }, value: seen ? value : 0 };
    })
  );
}

const isRegression = ({ task }: AccuracyPlan) => task === 'regression';
const hasScores = ({ positiveClass }: AccuracyPlan) => positiveClass !== undefined;
const single = (value: number): Part<never>[] => [[{}, value]];
const bySign = (over: number, under: number): Part<'sign'>[] => [
  [{ sign: 'over' }, over],
  [{ sign: 'under' }, under],
];
const byBin = (values: Float64Array): Part<'bin'>[] =>
  Array.from(values, (value, bin): Part<'bin'> => [{ bin: String(bin) }, value]);

export const accuracyRows: readonly Row<AccuracySlotView>[] = [
  row(METRICS.pairs, (view: AccuracySlotView) => sums(view, ({ pairs }) => single(pairs))),
  row(METRICS.outcomes, (view: AccuracySlotView) => sums(view, outcomeParts)),
  row(METRICS.scoreOutcomes, (view: AccuracySlotView) =>
    sums(view, ({ negatives, positives }): Part<'bin' | 'actual'>[] => [
      ...byBin(negatives).map(([labels, value]): Part<'bin' | 'actual'> => [{ ...labels, actual: '0' }, value]),
      ...byBin(positives).map(([labels, value]): Part<'bin' | 'actual'> => [{ ...labels, actual: '1' }, value]),
    ])
  ),
  row(METRICS.scorePositivesUpTo, (view: AccuracySlotView) =>
    sums(view, ({ positives }) => {
      let upTo = 0;
      return byBin(positives).map(([labels, value]): Part<'bin'> => [labels, (upTo += value)]);
    })
  ),
  row(METRICS.scoreSum, (view: AccuracySlotView) => sums(view, ({ scoreSums }) => byBin(scoreSums))),
  row(METRICS.logLossSum, (view: AccuracySlotView) =>
    sums(view, ({ logLoss }, plan) => (hasScores(plan) ? single(logLoss) : []))
  ),
  row(METRICS.squaredErrorSum, (view: AccuracySlotView) =>
    sums(view, ({ squaredError }, plan) => (hasScores(plan) || isRegression(plan) ? single(squaredError) : []))
  ),
  row(METRICS.errorSum, (view: AccuracySlotView) =>
    sums(view, ({ over, under }, plan) => (isRegression(plan) ? bySign(over, under) : []))
  ),
  row(METRICS.relativeErrorSum, (view: AccuracySlotView) =>
    sums(view, ({ relativeError }, plan) => (isRegression(plan) ? single(relativeError) : []))
  ),
  row(METRICS.relativeErrorPairs, (view: AccuracySlotView) =>
    sums(view, ({ relativePairs }, plan) => (isRegression(plan) ? single(relativePairs) : []))
  ),
  row(METRICS.actualSum, (view: AccuracySlotView) =>
    sums(view, ({ actualOver, actualUnder }, plan) => (isRegression(plan) ? bySign(actualOver, actualUnder) : []))
  ),
  row(METRICS.actualSquaredSum, (view: AccuracySlotView) =>
    sums(view, ({ actualSquared }, plan) => (isRegression(plan) ? single(actualSquared) : []))
  ),
];

function outcomeParts({ outcomes }: AccuracySums, { task, classes }: AccuracyPlan): Part<'predicted' | 'actual'>[] {
  if (task !== 'classification') return [];
  const names = [...classes, OTHER_CLASSES];
  return names.flatMap((predicted, at) =>
    names.map((actual, index): Part<'predicted' | 'actual'> => {
      return [{ predicted, actual }, outcomes[at * names.length + index] ?? 0];
    })
  );
}

/** What scores say before actuals do. Each counter is 0 in the first scrape that has it. */
export const estimateRows: readonly Row<ModelEvents>[] = [
  row(METRICS.scoredPredictions, (model: ModelEvents) => {
    const { rows, seen = false } = model.accuracy?.estimate ?? {};
    return SCORED_STAGES.flatMap((stage) =>
      Array.from(rows?.[stage] ?? [], (value, at) => ({
        labels: { ...id(model), bin: String(Math.floor(at / 2)), predicted: String(at % 2), stage },
        value: seen ? value : 0,
      }))
    );
  }),
  row(METRICS.scoredPredictionSum, (model: ModelEvents) => {
    const { scoreSums = [], seen = false } = model.accuracy?.estimate ?? {};
    return Array.from(scoreSums, (value, bin) => ({
      labels: { ...id(model), bin: String(bin) },
      value: seen ? value : 0,
    }));
  }),
];

/** What is said of accuracy, of a model with a task. */
export const accuracySettingRows: readonly Row<ModelEvents>[] = [
  row(METRICS.accuracyBaseline, (model: ModelEvents) => {
    const references = new Map(model.plans.map(({ reference }) => [reference.id, reference.baseline ?? {}]));
    return [...references].flatMap(([reference, baseline]) =>
      entries(baseline).map(([metric, value]) => ({ labels: { ...id(model), reference, metric }, value }))
    );
  }),
  row(METRICS.accuracyLimit, (model: ModelEvents) =>
    entries(planOf(model)?.limits ?? {}).flatMap(([metric, limit]) =>
      DRIFT_LEVELS.map((level) => ({ labels: { ...id(model), metric, level }, value: limit[level] }))
    )
  ),
  row(METRICS.accuracyRowsNeeded, (model: ModelEvents) => known(id(model), planOf(model)?.rowsNeeded)),
  row(METRICS.accuracySettings, (model: ModelEvents) => {
    const plan = planOf(model);
    if (plan?.task === undefined) return [];
    const { task, window, positiveClass: positive_class = '' } = plan;
    return [{ labels: { ...id(model), task, window, positive_class }, value: 1 }];
  }),
];

/** Of a model without a task nothing is judged. */
function planOf({ accuracy }: ModelEvents): AccuracyPlan | undefined {
  return accuracy?.plan?.task === undefined ? undefined : accuracy.plan;
}

function entries<Value>(values: Readonly<Partial<Record<BaselineMetric, Value>>>): [BaselineMetric, Value][] {
  return Object.entries(values) as [BaselineMetric, Value][];
}

function id({ namespace, model }: Named) {
  return { namespace, model };
}
