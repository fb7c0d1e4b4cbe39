/** The groups of rules for objectives: one set for all of them, which joins what each has declared. */
import type { ResolvedOptions, RuleGroup } from '../types';
import { sloAlerts } from './alerts';
import { latencyRules, tokenRules } from './durations';
import { methodRules } from './methods';
import { minuteRules } from './minutes';
import { availabilityRules } from './requests';
import { settingsRules } from './settings';
import { stateRules } from './states';
import { coarseWindowRules, fastWindowRules } from './windows';

/** Of a group rules are evaluated one after the other, so these are some that read little of each other. */
export function sloGroups(options: ResolvedOptions): RuleGroup[] {
  const group = { intervalSeconds: options.sloIntervalSeconds, alerts: [] };
  return [
    {
      ...group,
      name: 'modelwatch-slo-events',
      recordings: [...settingsRules(), ...availabilityRules(), ...latencyRules(), ...tokenRules(), ...methodRules()],
    },
    { ...group, name: 'modelwatch-slo-minutes', recordings: minuteRules() },
    {
      ...group,
      name: 'modelwatch-slo-budgets',
      intervalSeconds: options.sloCoarseIntervalSeconds,
      recordings: coarseWindowRules(options),
    },
    {
      ...group,
      name: 'modelwatch-slo',
      recordings: [...fastWindowRules(options), ...stateRules(options)],
      alerts: sloAlerts(),
    },
  ];
}
