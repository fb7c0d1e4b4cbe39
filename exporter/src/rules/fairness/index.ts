/** The groups of rules for fairness. They stand among those of accuracy, whose pairs they share. */
import type { DriftWindow } from '@modelwatch/contract';
import type { ResolvedOptions, RuleGroup } from '../types';
import { windowSeconds } from '../windows';
import { marginRule, metricInfoRule, rateRule, referenceRule, scoreRules, sumRules } from './rates';
import { settingsRules, stateRule } from './states';
import { fairnessAlerts, verdictRules } from './verdicts';

/**
 * A group has at most twenty rules, so verdicts stand apart. Without the hour among `windows` they are an addition to rules
 * that have it.
 */
export function fairnessGroups(options: ResolvedOptions, windows: readonly DriftWindow[]): RuleGroup[] {
  return windows.flatMap((window): RuleGroup[] => {
    const intervalSeconds = windowSeconds(window, options);
    const judged = [
      ...[...sumRules(window), rateRule(window), referenceRule(window), ...scoreRules(window), marginRule(window)],
      stateRule(window),
    ];
    if (window !== '1h') {
      return [{ name: `modelwatch-fairness-${window}`, intervalSeconds, recordings: judged, alerts: [] }];
    }
    return [
      {
        name: 'modelwatch-fairness',
        intervalSeconds,
        recordings: [...settingsRules(), metricInfoRule(), ...judged],
        alerts: [],
      },
      {
        name: 'modelwatch-fairness-verdicts',
        intervalSeconds,
        recordings: verdictRules(),
        alerts: fairnessAlerts(),
      },
    ];
  });
}
