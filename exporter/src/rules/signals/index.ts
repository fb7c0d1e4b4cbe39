/** Alerts that no channel of health rests on: what models use, who uses them, and what is strange about it. */
import type { OptionalPart, ResolvedOptions, RuleGroup } from '../types';
import { refusedAlert, refusedRules } from './refused';
import { resourceAlerts } from './resources';
import { burstAlert, burstRules, securityAlerts } from './security';
import { usageAlerts } from './usage';

/** @param without parts that are left out, and with them the alerts that rest on them */
export function signalGroups(options: ResolvedOptions, without: readonly OptionalPart[]): RuleGroup[] {
  const { intervalSeconds, driftIntervalSeconds } = options;
  const resources = without.includes('resources') ? [] : resourceAlerts();
  return [
    {
      name: 'modelwatch-signals',
      intervalSeconds: Math.max(intervalSeconds, Math.min(60, 2 * intervalSeconds)),
      recordings: refusedRules(),
      alerts: [...resources, ...usageAlerts(options), ...securityAlerts(options), refusedAlert(options)],
    },
    {
      name: 'modelwatch-signals-inputs',
      intervalSeconds: driftIntervalSeconds,
      recordings: burstRules(),
      alerts: [burstAlert()],
    },
  ];
}
