/** No alert is without something that makes it fire, and end: a scenario of the demo, or a vector for promtool. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALERTS } from '@modelwatch/contract';
import { SCENARIOS } from '../../demo/src/types';
import { STORIES, type ServingScenarioName } from '../integration/demo-alerts/stories';
import { FIRED_BY } from '../integration/demo-alerts/table';
import type { RuleVector } from '../support/promtool';

const ROOT = join(__dirname, '..', '..');
const VECTORS = join(ROOT, 'test', 'provisioning', 'vectors');
const read = (...path: readonly string[]) => readFileSync(join(ROOT, ...path), 'utf8');

/** Rows of the tables of a page by their first cell, the others as they stand. */
const rowsOf = (page: string, first: RegExp) =>
  page.split('\n').flatMap((line) => {
    const [, name = '', ...cells] = line.split('|').map((cell) => cell.trim());
    const found = first.exec(name)?.[1];
    return found === undefined ? [] : [[found, cells.slice(0, -1)] as const];
  });

function isVector(one: unknown): one is RuleVector {
  return typeof one === 'object' && one !== null && 'input' in one && 'name' in one;
}

/** Alerts are expected as such, or as the series that Prometheus has of those that fire. */
function outcomesOf({ alerts = [], expect: series = [] }: RuleVector) {
  const named = (expr: string) => /^ALERTS\{alertname="(\w+)", alertstate="firing"\}$/.exec(expr)?.[1];
  return [
    ...alerts.map(({ alert, firing }) => ({ alert, fires: firing.length > 0 })),
    ...series.map(({ expr, samples }) => ({ alert: named(expr), fires: Object.keys(samples).length > 0 })),
  ];
}

async function allVectors(): Promise<RuleVector[]> {
  const modules = await Promise.all(
    readdirSync(VECTORS).map((file) => import(join(VECTORS, file)) as Promise<Record<string, unknown>>)
  );
  return modules.flatMap((one) => Object.values(one).filter(Array.isArray).flat() as unknown[]).filter(isVector);
}

describe('every alert', () => {
  it('stands in docs/alerting.md with what makes it fire', () => {
    const [, section = ''] = read('docs', 'alerting.md').split('## What makes each fire');
    const rows = rowsOf(section, /^`(Modelwatch\w+)`$/);
    const expected = Object.entries(FIRED_BY).map(([alert, by]) => {
      const scenario = 'scenario' in by ? by.scenario : 'data' in by ? by.data : undefined;
      return [alert, scenario === undefined ? ['–', 'vector' in by ? by.vector : ''] : [`\`${scenario}\``]] as const;
    });
    expect(rows.map(([alert, cells]) => [alert, cells.slice(0, cells[0] === '–' ? 2 : 1)])).toEqual(expected);
  });

  it('fires in a vector, and is silent in one', async () => {
    const said = (await allVectors()).flatMap(outcomesOf);
    const alertsThat = (fires: boolean) => new Set(said.filter((one) => one.fires === fires).map(({ alert }) => alert));
    const [firing, silent] = [alertsThat(true), alertsThat(false)];
    expect(Object.values(ALERTS).filter((alert) => !firing.has(alert))).toEqual([]);
    expect(Object.values(ALERTS).filter((alert) => !silent.has(alert))).toEqual([]);
  });
});

it('docs/demo.md has a row for each scenario, and no other', () => {
  const rows = rowsOf(read('docs', 'demo.md'), /^`([a-z][a-z0-9-]+)`$/).map(([name]) => name);
  expect([...rows].sort()).toEqual([...SCENARIOS].sort());
});

it('the test of all alerts promises what docs/demo.md and the table of alerts do', () => {
  const shownBy = new Map(
    rowsOf(read('docs', 'demo.md'), /^`([a-z][a-z0-9-]+)`$/).map(([name, cells]) => [name, cells[2] ?? ''])
  );
  const firedBy = (scenario: string) =>
    Object.entries(FIRED_BY).flatMap(([alert, by]) => ('scenario' in by && by.scenario === scenario ? [alert] : []));
  const inWords = (scenario: string) =>
    [...(shownBy.get(scenario) ?? '').matchAll(/Modelwatch\w+/g)].map(([name]) => name);
  const scenarios = Object.keys(STORIES) as ServingScenarioName[];
  const promised = scenarios.map((scenario) => [scenario, Object.keys(STORIES[scenario].fires).sort()]);
  const said = scenarios.map((scenario) => [
    scenario,
    [...new Set([...inWords(scenario), ...firedBy(scenario)])].sort(),
  ]);
  expect(promised).toEqual(said);
});
