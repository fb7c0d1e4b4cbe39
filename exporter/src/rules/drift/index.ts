/** The groups of rules for drift. */
import type { DriftWindow } from '@modelwatch/contract';
import type { ResolvedOptions, RuleGroup } from '../types';
import { qualityAlert, qualityRules } from './quality';
import { rowsRule, scoreRules } from './scores';
import { driftStateRules } from './states';
import { binReferenceRules, binRowsRules, settingsRules } from './subjects';
import { driftAlerts, verdictRules } from './verdicts';

/**
 * The hour is what all rests on: references, settings and hourly counts stand in its group, the verdicts in one of their
 * own. Any other window is one group, which reads those; without the hour among `windows` it is an addition to rules
 * that have it.
 */
export function driftGroups(options: ResolvedOptions, windows: readonly DriftWindow[]): RuleGroup[] {
  return windows.flatMap((window) => (window === '1h' ? hourGroups(options) : [windowGroup(options, window)]));
}

function judged({ driftMethods }: ResolvedOptions, window: DriftWindow) {
  return [
    ...binRowsRules(window),
    rowsRule(window),
    ...scoreRules(window, driftMethods),
    ...driftStateRules(window, driftMethods),
  ];
}

function hourGroups(options: ResolvedOptions): RuleGroup[] {
  const intervalSeconds = options.driftIntervalSeconds;
  return [
    {
      name: 'modelwatch-drift',
      intervalSeconds,
      recordings: [...binReferenceRules(), ...settingsRules(), ...judged(options, '1h'), ...qualityRules()],
      alerts: [],
    },
    {
      name: 'modelwatch-drift-verdicts',
      intervalSeconds,
      recordings: verdictRules(),
      alerts: [...driftAlerts(), qualityAlert(options)],
    },
  ];
}

function windowGroup(options: ResolvedOptions, window: Exclude<DriftWindow, '1h'>): RuleGroup {
  const { driftIntervalSeconds, slowIntervalSeconds } = options;
  return {
    name: `modelwatch-drift-${window}`,
    // What is made of full hours changes once an hour.
    intervalSeconds: window === '10m' ? driftIntervalSeconds : Math.max(driftIntervalSeconds, slowIntervalSeconds),
    recordings: judged(options, window),
    alerts: [],
  };
}
