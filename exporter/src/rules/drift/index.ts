/** The groups of rules for drift. */
import type { DriftWindow } from '@modelwatch/contract';
import type { ResolvedOptions, RuleGroup } from '../types';
import { windowSeconds } from '../windows';
import { batchesGroup } from './batches';
import { detectorRules } from './detectors';
import { qualityAlert, qualityExcessRule, qualityReferenceRules, qualityRules } from './quality';
import { methodInfoRule, rowsRule, scoreRules } from './scores';
import { driftStateRules } from './states';
import { binReferenceRules, binRowsRules, binsRule, settingsRules } from './subjects';
import { driftAlerts, verdictRules } from './verdicts';

/**
 * The hour is what all rests on: settings and hourly counts stand in its group, references and verdicts in some of their
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
  const intervalSeconds = windowSeconds('1h', options);
  return [
    {
      name: 'modelwatch-drift-references',
      // References hardly change.
      intervalSeconds: windowSeconds('1d', options),
      recordings: [
        ...binReferenceRules(),
        binsRule(),
        ...qualityReferenceRules(),
        methodInfoRule(options.driftMethods),
      ],
      alerts: [],
    },
    {
      name: 'modelwatch-drift',
      intervalSeconds,
      recordings: [...settingsRules(), ...judged(options, '1h'), ...qualityRules()],
      alerts: [],
    },
    {
      name: 'modelwatch-drift-verdicts',
      intervalSeconds,
      // What others found is part of the verdict.
      recordings: [...detectorRules(), ...verdictRules(), qualityExcessRule(options)],
      alerts: [...driftAlerts(), qualityAlert()],
    },
    batchesGroup(options),
  ];
}

function windowGroup(options: ResolvedOptions, window: Exclude<DriftWindow, '1h'>): RuleGroup {
  return {
    name: `modelwatch-drift-${window}`,
    intervalSeconds: windowSeconds(window, options),
    recordings: judged(options, window),
    alerts: [],
  };
}
