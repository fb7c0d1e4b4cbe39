/** Challengers beside their champion. Each counter is 0 in the first scrape that has it. */
import {
  ANSWER_VERDICTS,
  CHALLENGER_OUTCOMES,
  CHALLENGER_ROLES,
  METRICS,
  OTHER_CLASSES,
  type ChallengerRole,
} from '@modelwatch/contract';
import type { ChallengerCounts } from '../domain/challengers/counts';
import type { ChallengerSums, RoleSums } from '../domain/challengers/sums';
import type { Row } from './row';
import { row } from './text';

export interface ChallengerView {
  readonly namespace: string;
  readonly model: string;
  readonly counts: ChallengerCounts;
}

/** A label of a family beside those that all have, and the sum that it stands for. */
type Part<Label extends string> = readonly [Readonly<Record<Label, string>>, number];

function id({ namespace, model, counts }: ChallengerView) {
  return { namespace, model, challenger: counts.challenger.name };
}

export const challengerInfoRows: readonly Row<ChallengerView>[] = [
  row(METRICS.challengerInfo, (view: ChallengerView) => {
    const { namespace, model, version = '', source } = view.counts.challenger;
    const whose = { challenger_namespace: namespace, challenger_model: model, challenger_version: version, source };
    return [{ labels: { ...id(view), ...whose }, value: 1 }];
  }),
];

/** Sums of the tasks and scores that the model does not have are left out. */
function sums<Label extends string>(
  view: ChallengerView,
  parts: (sums: ChallengerSums) => readonly Part<Label>[]
): { labels: ReturnType<typeof id> & Readonly<Record<Label, string>>; value: number }[] {
  const { sums: own } = view.counts;
  if (!own) return [];
  return parts(own).map(([labels, value]) => ({ labels: { ...id(view), ...labels }, value: own.seen ? value : 0 }));
}

const isRegression = ({ plan }: ChallengerSums) => plan.task === 'regression';
const single = (value: number): Part<never>[] => [[{}, value]];
const bySign = (over: number, under: number): Part<'sign'>[] => [
  [{ sign: 'over' }, over],
  [{ sign: 'under' }, under],
];
const byRole = (value: (sums: RoleSums) => number, all: ChallengerSums): Part<'role'>[] =>
  CHALLENGER_ROLES.map((role): Part<'role'> => [{ role }, value(all.roles[role])]);

function table<Label extends string>(
  names: readonly string[],
  cells: Float64Array,
  labels: (row: string, column: string) => Readonly<Record<Label, string>>
): Part<Label>[] {
  return names.flatMap((first, at) =>
    names.map((second, index): Part<Label> => [labels(first, second), cells[at * names.length + index] ?? 0])
  );
}

/** Of a classification. */
function ofClasses<Label extends string>(
  cells: (sums: ChallengerSums) => Float64Array,
  labels: (row: string, column: string) => Readonly<Record<Label, string>>
) {
  return (all: ChallengerSums): readonly Part<Label>[] =>
    isRegression(all) ? [] : table([...all.plan.classes, OTHER_CLASSES], cells(all), labels);
}

const agreement = ofClasses(
  ({ agreement: cells }) => cells,
  (champion, candidate) => ({ champion, candidate })
);
const outcomesOf = (role: ChallengerRole) =>
  ofClasses(
    ({ roles }) => roles[role].outcomes,
    (predicted, actual) => ({ role, predicted, actual })
  );
const championOutcomes = outcomesOf('champion');
const challengerOutcomes = outcomesOf('challenger');

export const challengerRows: readonly Row<ChallengerView>[] = [
  row(METRICS.challengerExpected, (view: ChallengerView) => [
    { labels: id(view), value: view.counts.seen ? view.counts.expected : 0 },
  ]),
  row(METRICS.challengerPredictions, (view: ChallengerView) =>
    CHALLENGER_OUTCOMES.map((outcome) => ({
      labels: { ...id(view), outcome },
      value: view.counts.seen ? view.counts.outcomes[outcome] : 0,
    }))
  ),
  row(METRICS.challengerClasses, (view: ChallengerView) => sums(view, agreement)),
  row(METRICS.challengerDifferenceSum, (view: ChallengerView) =>
    sums(view, (all) => (isRegression(all) ? bySign(all.over, all.under) : []))
  ),
  row(METRICS.challengerDifferenceSquaredSum, (view: ChallengerView) =>
    sums(view, (all) => (isRegression(all) ? single(all.differenceSquared) : []))
  ),
  row(METRICS.challengerJudgedPairs, (view: ChallengerView) => sums(view, ({ judged }) => single(judged))),
  row(METRICS.challengerOutcomes, (view: ChallengerView) =>
    sums(view, (all) => [...championOutcomes(all), ...challengerOutcomes(all)])
  ),
  row(METRICS.challengerVerdicts, (view: ChallengerView) =>
    sums(view, (all) =>
      isRegression(all) ? [] : table(ANSWER_VERDICTS, all.verdicts, (champion, candidate) => ({ champion, candidate }))
    )
  ),
  row(METRICS.challengerScoredPairs, (view: ChallengerView) =>
    sums(view, (all) => (all.hasScores ? single(all.scored) : []))
  ),
  row(METRICS.challengerSquaredErrorSum, (view: ChallengerView) =>
    sums(view, (all) => (isRegression(all) || all.hasScores ? byRole(({ squaredError }) => squaredError, all) : []))
  ),
  row(METRICS.challengerErrorSum, (view: ChallengerView) =>
    sums(view, (all): Part<'role' | 'sign'>[] =>
      isRegression(all)
        ? CHALLENGER_ROLES.flatMap((role) => {
            const { over, under } = all.roles[role];
            return bySign(over, under).map(([labels, value]): Part<'role' | 'sign'> => [{ role, ...labels }, value]);
          })
        : []
    )
  ),
  row(METRICS.challengerLossDifferenceSquaredSum, (view: ChallengerView) =>
    sums(view, (all): Part<'metric'>[] =>
      isRegression(all)
        ? [[{ metric: 'mae' }, all.lossDifferenceSquared]]
        : all.hasScores
          ? [[{ metric: 'brier' }, all.lossDifferenceSquared]]
          : []
    )
  ),
];
