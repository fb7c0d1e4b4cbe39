/** Runs Prometheus' own tools on text, and builds the vectors of `promtool test rules`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export interface ToolResult {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a tool on files with the given contents, each under its name in a folder of its own. */
export function runOnFiles(
  program: string,
  args: readonly string[],
  files: Readonly<Record<string, string>>
): ToolResult {
  const folder = mkdtempSync(join(tmpdir(), 'modelwatch-tool-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    // Collecting garbage takes a third of the time of programs that end within seconds.
    const env = { ...process.env, GOGC: '1600' };
    const done = spawnSync(program, [...args], { cwd: folder, encoding: 'utf8', timeout: 150_000, env });
    if (done.error) throw new Error(`${program} cannot be run: ${done.error.message}`);
    return { ok: done.status === 0, output: `${done.stdout}${done.stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Expectation {
  readonly expr: string;
  /** Prometheus duration, e.g. `5m30s`. */
  readonly at: string;
  /** Series in promtool's notation with their values; empty: nothing may be there. */
  readonly samples: Readonly<Record<string, number>>;
}

export interface AlertExpectation {
  readonly alert: string;
  readonly at: string;
  /** Labels of each alert that must fire; empty: it must be silent. Annotations are compared only where they are given. */
  readonly firing: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface RuleVector {
  readonly name: string;
  /** Series and their values, one per `intervalSeconds`. */
  readonly input: Readonly<Record<string, string>>;
  readonly expect?: readonly Expectation[];
  readonly alerts?: readonly AlertExpectation[];
  /** Of a long history, between evaluations; else as often as there are samples. */
  readonly evaluationSeconds?: number;
}

function vectorDocument(vector: RuleVector, intervalSeconds: number): unknown {
  return {
    name: vector.name,
    interval: `${intervalSeconds}s`,
    input_series: Object.entries(vector.input).map(([series, values]) => ({ series, values })),
    promql_expr_test: (vector.expect ?? []).map(({ expr, at, samples }) => ({
      expr,
      eval_time: at,
      exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
    })),
    alert_rule_test: (vector.alerts ?? []).map(({ alert, at, firing }) => ({
      alertname: alert,
      eval_time: at,
      exp_alerts: firing.map(({ labels, annotations }) => ({ exp_labels: labels, exp_annotations: annotations })),
    })),
  };
}

/** Of a file of rules the groups with these names: what a test does not need costs it time. */
export function groupsNamed(rules: string, ...names: readonly string[]): string {
  const { groups } = parse(rules) as { groups: { name: string }[] };
  const chosen = groups.filter(({ name }) => names.includes(name));
  if (chosen.length !== names.length) throw new Error(`no such groups: ${names.join(', ')}`);
  return stringify({ groups: chosen }, { lineWidth: 0 });
}

interface WrittenGroup {
  readonly name: string;
  readonly rules: readonly { readonly record?: string; readonly alert?: string; readonly expr: string }[];
}

const namesIn = (expr: string) => expr.match(/modelwatch:[\w:]+/g) ?? [];

/** Of a file of rules the groups that vectors read, and those that these read in turn: others would cost them time. */
export function groupsRead(rules: string, vectors: readonly RuleVector[]): string {
  const { groups } = parse(rules) as { groups: readonly WrittenGroup[] };
  const read = new Set(
    vectors.flatMap(({ expect = [], alerts = [] }) => [
      ...expect.flatMap(({ expr }) => namesIn(expr)),
      ...alerts.map(({ alert }) => alert),
    ])
  );
  const chosen = new Set<WrittenGroup>();
  const makesWhatIsRead = (group: WrittenGroup) =>
    group.rules.some(({ record, alert }) => read.has(record ?? alert ?? ''));
  const next = () => groups.find((group) => !chosen.has(group) && makesWhatIsRead(group));
  for (let group = next(); group; group = next()) {
    chosen.add(group);
    for (const name of group.rules.flatMap(({ expr }) => namesIn(expr))) read.add(name);
  }
  return groupsNamed(rules, ...[...chosen].map(({ name }) => name));
}

/**
 * Puts the rules through the vectors with `promtool test rules`.
 * @param intervalSeconds between samples
 * @param evaluationSeconds between evaluations, which are nearly all that a test costs
 */
export function testRules(
  rules: string,
  vectors: readonly RuleVector[],
  intervalSeconds: number,
  evaluationSeconds = intervalSeconds
): ToolResult {
  const document = {
    rule_files: ['rules.yml'],
    evaluation_interval: `${evaluationSeconds}s`,
    // Else in an order of chance, and what rests on another group is an evaluation older now and then.
    group_eval_order: [...rules.matchAll(/(?<=^ *-? *name: )\S+$/gm)].map(([name]) => name),
    tests: vectors.map((vector) => vectorDocument(vector, intervalSeconds)),
  };
  return runOnFiles('promtool', ['test', 'rules', 'test.yml'], {
    'rules.yml': rules,
    'test.yml': stringify(document, { lineWidth: 0 }),
  });
}
