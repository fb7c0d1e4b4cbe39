/** Alerts that no channel of health rests on: what models use, who uses them, and what is strange about it. */
import type { OptionalPart, ResolvedOptions, RuleGroup } from '../types';
import { refusedAlert, refusedRules } from './refused';
import { replacedAlerts, replacedRules } from './replaced';
import { resourceAlerts } from './resources';
import { burstAlert, burstRules, securityAlerts } from './security';
import { usageAlerts } from './usage';

/** @param without parts that are left out, and with them the alerts that rest on them */
export function signalGroups(options: ResolvedOptions, without: readonly OptionalPart[]): RuleGroup[] {
  const { intervalSeconds, driftIntervalSeconds } = options;
  const calm = Math.max(intervalSeconds, Math.min(60, 2 * intervalSeconds));
  const resources = without.includes('resources') ? [] : resourceAlerts();
  return [
    {
      name: 'modelwatch-signals',
      intervalSeconds: calm,
      recordings: [],
      alerts: [...resources, ...usageAlerts(options), ...securityAlerts(options)],
    },
    {
      name: 'modelwatch-signals-refused',
      intervalSeconds: calm,
      recordings: refusedRules(),
      alerts: [refusedAlert(options)],
    },
    {
      name: 'modelwatch-signals-replaced',
      intervalSeconds: calm,
      recordings: replacedRules(),
      alerts: replacedAlerts(),
    },
    {
      name: 'modelwatch-signals-inputs',
      intervalSeconds: driftIntervalSeconds,
      recordings: burstRules(),
      alerts: [burstAlert()],
    },
  ];
}
