/** The groups of rules for challengers. They read the settings that the rules of accuracy record. */
import type { DriftWindow } from '@modelwatch/contract';
import type { ResolvedOptions, RuleGroup } from '../types';
import { challengerFigureRules, challengerScoreRules, challengerStateRule } from './scores';
import { challengerSumRules } from './sums';

/** Two groups for each window: a group has at most twenty rules. What is judged waits for the evaluation of the sums. */
export function challengerGroups(
  { driftIntervalSeconds, slowIntervalSeconds }: ResolvedOptions,
  windows: readonly DriftWindow[]
): RuleGroup[] {
  return windows.flatMap((window) => {
    const isSlow = window === '1d' || window === '7d';
    const intervalSeconds = isSlow ? Math.max(driftIntervalSeconds, slowIntervalSeconds) : driftIntervalSeconds;
    const group = (name: string, recordings: RuleGroup['recordings']): RuleGroup => ({
      ...{ name: `modelwatch-challengers${name}-${window}`, intervalSeconds, recordings, alerts: [] },
    });
    return [
      group('', challengerSumRules(window)),
      group('-judged', [
        ...challengerScoreRules(window),
        ...challengerFigureRules(window),
        challengerStateRule(window),
      ]),
    ];
  });
}
