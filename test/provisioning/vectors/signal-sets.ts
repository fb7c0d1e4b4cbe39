/** The vectors of signals, each set with the groups that it is about, as often evaluated as it has samples. */
import { buildRules, renderGroups } from '../../../exporter/src/rules';
import type { RuleVector } from '../../support/promtool';
import { REFUSED_INTERVAL_SECONDS, REFUSED_VECTORS } from './refused';
import { REPLACED_INTERVAL_SECONDS, REPLACED_VECTORS } from './replaced';
import { SIGNALS_INTERVAL_SECONDS, SIGNALS_VECTORS } from './signals';

export const SIGNALS_OPTIONS = { intervalSeconds: 30, driftIntervalSeconds: 240 };

export interface SignalSet {
  readonly rules: string;
  readonly vectors: readonly RuleVector[];
  readonly seconds: number;
}

function setOf(groups: readonly string[], vectors: readonly RuleVector[], seconds: number): SignalSet {
  const chosen = buildRules(SIGNALS_OPTIONS)
    .filter(({ name }) => groups.includes(name))
    .map((group) => ({ ...group, intervalSeconds: seconds }));
  // Without fixed texts, which say nothing of whether an alert fires.
  const rules = renderGroups('prometheus', chosen, SIGNALS_OPTIONS).replace(/^ +annotations:\n( +\w+: .*\n)+/gm, '');
  return { rules, vectors, seconds };
}

export const SIGNAL_SETS = {
  signals: setOf(['modelwatch-signals', 'modelwatch-signals-inputs'], SIGNALS_VECTORS, SIGNALS_INTERVAL_SECONDS),
  refusals: setOf(['modelwatch-signals-refused'], REFUSED_VECTORS, REFUSED_INTERVAL_SECONDS),
  replacements: setOf(['modelwatch-signals-replaced'], REPLACED_VECTORS, REPLACED_INTERVAL_SECONDS),
} as const;
