/** The groups of rules for accuracy. */
import type { DriftWindow } from '@modelwatch/contract';
import { challengerGroups } from '../challengers';
import { fairnessGroups } from '../fairness';
import type { ResolvedOptions, RuleGroup } from '../types';
import { windowSeconds } from '../windows';
import { estimateRules } from './estimates';
import { metricInfoRule, scoreRules } from './scores';
import { settingsRules, stateRule } from './states';
import { classRules, sumRules } from './sums';
import { accuracyAlerts, verdictRules } from './verdicts';

/**
 * The hour is what all rests on: settings and hourly sums stand in its groups. Any other window reads those; without the
 * hour among `windows` it is an addition to rules that have it.
 */
export function accuracyGroups(options: ResolvedOptions, windows: readonly DriftWindow[]): RuleGroup[] {
  return [
    ...windows.flatMap((window) => (window === '1h' ? hourGroups(options) : windowGroups(options, window))),
    ...challengerGroups(options, windows),
    ...fairnessGroups(options, windows),
  ];
}

const judged = (window: DriftWindow) => [...classRules(window), ...scoreRules(window), stateRule(window)];

function hourGroups(options: ResolvedOptions): RuleGroup[] {
  const intervalSeconds = windowSeconds('1h', options);
  return [
    { name: 'modelwatch-accuracy', intervalSeconds, recordings: [...settingsRules(), ...sumRules('1h')], alerts: [] },
    { name: 'modelwatch-accuracy-scores', intervalSeconds, recordings: judged('1h'), alerts: [] },
    { name: 'modelwatch-accuracy-estimates', intervalSeconds, recordings: estimateRules('1h'), alerts: [] },
    {
      name: 'modelwatch-accuracy-verdicts',
      intervalSeconds,
      recordings: [...verdictRules(), metricInfoRule()],
      alerts: accuracyAlerts(),
    },
  ];
}

function windowGroups(options: ResolvedOptions, window: Exclude<DriftWindow, '1h'>): RuleGroup[] {
  const intervalSeconds = windowSeconds(window, options);
  return [
    { name: `modelwatch-accuracy-${window}`, intervalSeconds, recordings: sumRules(window), alerts: [] },
    { name: `modelwatch-accuracy-scores-${window}`, intervalSeconds, recordings: judged(window), alerts: [] },
    { name: `modelwatch-accuracy-estimates-${window}`, intervalSeconds, recordings: estimateRules(window), alerts: [] },
  ];
}
