/**
 * Rules for model servers that Prometheus scrapes itself: they record, per replica, the very families that the exporter
 * gives where it polls, so that whatever reads those does not know the difference (docs/direct-scraping.md).
 */
import {
  KSERVE_TRANSLATION,
  LLAMACPP_TRANSLATION,
  MLSERVER_TRANSLATION,
  TFSERVING_TRANSLATION,
  TORCHSERVE_TRANSLATION,
  TRITON_TRANSLATION,
  VLLM_TRANSLATION,
  type ServerKind,
  type ServerTranslation,
} from '@modelwatch/contract';
import { resolveOptions, type RecordingRule, type RuleGroup, type RuleOptions } from '../types';
import { differenceRules } from './differences';
import { ofModels, summed, type Source } from './expressions';
import { serverModelRule } from './models';
import { outputsOf } from './terms';

const TABLES = {
  mlserver: MLSERVER_TRANSLATION,
  triton: TRITON_TRANSLATION,
  kserve: KSERVE_TRANSLATION,
  torchserve: TORCHSERVE_TRANSLATION,
  tfserving: TFSERVING_TRANSLATION,
  vllm: VLLM_TRANSLATION,
  llamacpp: LLAMACPP_TRANSLATION,
} as const satisfies Partial<Record<ServerKind, ServerTranslation>>;

export type DirectKind = keyof typeof TABLES;
/** Kinds of servers whose own metrics the rules translate. */
export const DIRECT_KINDS = Object.keys(TABLES) as readonly DirectKind[];

const MAX_RULES = 20;

/** @throws RangeError when the interval is out of its range. */
export function directGroups(kinds: readonly DirectKind[], options: RuleOptions): RuleGroup[] {
  const { intervalSeconds } = resolveOptions(options);
  return kinds.flatMap((kind) => {
    const rules = rulesOf({ kind, table: TABLES[kind] }, intervalSeconds);
    const parts = Math.ceil(rules.length / MAX_RULES);
    return Array.from({ length: parts }, (_, at) => ({
      name: `modelwatch-direct-${kind}${at === 0 ? '' : `-${at + 1}`}`,
      intervalSeconds,
      recordings: rules.slice(at * MAX_RULES, (at + 1) * MAX_RULES),
      alerts: [],
    }));
  });
}

/** The name of the model first: the rules after it read it. */
function rulesOf(source: Source, intervalSeconds: number): RecordingRule[] {
  const outputs = outputsOf(source.table);
  const differences = source.table.differences ?? [];
  const samples = new Set([
    ...outputs.flatMap(({ terms }) => terms.map(({ sample }) => sample)).filter((name) => !name.endsWith('_bucket')),
    ...differences.flatMap(({ of, less }) => [...of, ...less]),
  ]);
  const rules: RecordingRule[] = [
    serverModelRule(source, outputs, [...samples]),
    ...outputs.map((output) => ({
      record: output.record,
      expr: ofModels(summed(source, output), output.combine, output.keep),
    })),
    ...differences.flatMap((difference) => differenceRules(source, difference, intervalSeconds)),
  ];
  // Of all kinds some record the same: each says whose it is.
  return rules.map((rule) => ({ ...rule, labels: { ...rule.labels, modelwatch_server: source.kind } }));
}
