/** Alert policies of OpenSLO v1: each has one condition on the burn rate, over one window. */
import { BURN_WINDOWS, type BurnSeverity, type BurnWindow } from '@modelwatch/contract';
import { BURN_WINDOW_SECONDS, type AlertChoice, type GivenTier } from '../../domain/slo/tiers';
import type { YamlNode } from './node';
import { durationSeconds, named, referred, type Objects } from './openslo-objects';

/** A condition has one window; the short one, which ends the alert, is a twelfth of it, as in the workbook. */
const SHORT_OF: Partial<Record<BurnWindow, BurnWindow>> = { '1h': '5m', '6h': '30m', '1d': '2h', '3d': '6h' };
const SEVERITIES: Readonly<Record<string, BurnSeverity>> = {
  page: 'page',
  critical: 'page',
  ticket: 'ticket',
  warning: 'ticket',
};

interface Alerts {
  readonly alerts: AlertChoice;
  readonly warnings: readonly string[];
}

/** @throws SloRefusal */
export function tiersOf(policies: YamlNode, objects: Objects): Alerts {
  const warnings: string[] = [];
  const tiers = policies.items().flatMap((each) => {
    const keys: Partial<Record<string, YamlNode>> = each.keys([
      'alertPolicyRef',
      'apiVersion',
      'kind',
      'metadata',
      'spec',
    ]);
    const reference = keys['alertPolicyRef'];
    return policyTiers(reference ? referred('AlertPolicy', reference, objects) : each, objects, warnings);
  });
  return { alerts: tiers.length === 0 ? { page: false, ticket: false } : { tiers }, warnings };
}

/** @throws SloRefusal */
export function checkPolicy(policy: YamlNode, objects: Objects): void {
  policyTiers(policy, objects, []);
}

function policyTiers(policy: YamlNode, objects: Objects, warnings: string[]): GivenTier[] {
  const { name, spec } = named(policy);
  const keys: Partial<Record<string, YamlNode>> = spec.keys([
    ...['description', 'alertWhenNoData', 'alertWhenResolved', 'alertWhenBreaching', 'conditions'],
    'notificationTargets',
  ]);
  for (const target of keys['notificationTargets']?.items() ?? []) {
    const { targetRef } = target.keys(['targetRef', 'apiVersion', 'kind', 'metadata', 'spec']);
    checkTarget(targetRef ? referred('AlertNotificationTarget', targetRef, objects) : target);
    warnings.push(`notification targets of ${name} are not used: Alertmanager routes by owner and severity`);
  }
  if (keys['alertWhenNoData']?.boolean() === true) {
    warnings.push(`alertWhenNoData of ${name} is not used: silence is an alert of its own`);
  }
  const conditions = keys['conditions']?.items() ?? [];
  const [condition] = conditions;
  if (!condition || conditions.length !== 1) return (keys['conditions'] ?? spec).refuse('just one condition');
  const tier = conditionTier(condition, objects);
  return keys['alertWhenBreaching']?.boolean() === false ? [] : [tier];
}

/** @throws SloRefusal */
export function checkTarget(target: YamlNode): void {
  const { target: what, description } = named(target).spec.keys(['target', 'description']);
  description?.string();
  if (!what) named(target).spec.refuse('a target');
  what?.string();
}

function conditionTier(node: YamlNode, objects: Objects): GivenTier {
  const { conditionRef } = node.keys(['conditionRef', 'apiVersion', 'kind', 'metadata', 'spec']);
  const object = conditionRef ? referred('AlertCondition', conditionRef, objects) : node;
  return checkCondition(object);
}

/** @throws SloRefusal */
export function checkCondition(object: YamlNode): GivenTier {
  const { spec } = named(object);
  const { severity, condition } = spec.keys(['description', 'severity', 'condition']);
  if (!severity || !condition) return spec.refuse('a severity and a condition');
  const { kind, op, threshold, lookbackWindow, alertAfter } = condition.keys([
    ...(['kind', 'op', 'threshold', 'lookbackWindow', 'alertAfter'] as const),
  ]);
  if (kind && kind.string().toLowerCase() !== 'burnrate') kind.refuse('burnrate');
  if (!op || !threshold || !lookbackWindow) return condition.refuse('op, threshold and lookbackWindow');
  const operator = op.oneOf(['lte', 'gte', 'lt', 'gt']);
  // The example of the specification says so, and "exceeds" beside it.
  if (operator.startsWith('l')) op.refuse('gt or gte: taken at its word this alerts while the budget does not burn');
  if (alertAfter && !/^0+[mhdw]$/.test(alertAfter.string())) {
    alertAfter.refuse('0m: an alert holds as long as both windows burn, and no longer');
  }
  const seconds = durationSeconds(lookbackWindow);
  const long = BURN_WINDOWS.find((window) => BURN_WINDOW_SECONDS[window] === seconds);
  const short = long && SHORT_OF[long];
  if (!long || !short) return lookbackWindow.refuse(`one of ${Object.keys(SHORT_OF).join(', ')}`);
  const level = SEVERITIES[severity.string().toLowerCase()];
  if (!level) return severity.refuse(`one of ${Object.keys(SEVERITIES).join(', ')}`);
  return { severity: level, long, short, burnRate: threshold.number() };
}
