/** docs/usage.md: every query names series that exist, and each block gives what the fleet below has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderRules } from '../../exporter/src/rules';
import { promqlProblems } from '../support/promql';
import { groupsNamed, testRules } from '../support/promtool';
import { USAGE_INTERVAL_SECONDS } from './vectors';

const DOC = readFileSync(join(__dirname, '..', '..', 'docs', 'usage.md'), 'utf8');
const BLOCKS = [...DOC.matchAll(/([^\n]+):\n\n```promql\n([\s\S]*?)```/g)].map(
  ([, sentence = '', query = '']) => [sentence, query.trim()] as const
);
/** Of a table's cells those that are queries, not names. */
const INLINE = [...DOC.matchAll(/`([^`\n]+\([^`\n]+)`/g)].map(([, query = '']) => query);
const RULES = groupsNamed(renderRules('prometheus', { intervalSeconds: 30 }), 'modelwatch-usage');

const DAYS = 1;
const SAMPLES = (DAYS * 86_400) / USAGE_INTERVAL_SECONDS;
const steady = (value: number) => `${value}x${SAMPLES}`;
const total = (name: string, namespace: string, value: number) => ({
  [`modelwatch_usage_${name}{namespace="${namespace}",platform="seldon"}`]: steady(value),
});
const ofType = (name: string, namespace: string, type: string, value: number) => ({
  [`modelwatch_usage_server_type_${name}{namespace="${namespace}",platform="seldon",server_type="${type}"}`]:
    steady(value),
});

/** For a day: 4 models on 2 servers in `shop`, one with 2 GPUs in `lab`. */
const INPUT = {
  'modelwatch_exporter_synced{}': steady(1),
  'modelwatch_exporter_total_shards{}': steady(1),
  ...total('models', 'shop', 4),
  ...total('models', 'lab', 1),
  ...total('servers', 'shop', 2),
  ...total('servers', 'lab', 2),
  ...total('multi_model_servers', 'shop', 1),
  ...total('overcommit_servers', 'shop', 2),
  ...ofType('models', 'shop', 'mlserver', 4),
  ...ofType('models', 'lab', 'triton', 1),
  ...ofType('gpus_requested', 'lab', 'triton', 2),
  ...ofType('gpus_requested', 'shop', 'mlserver', 0),
  ...ofType('cpu_requested_cores', 'lab', 'triton', 4),
  ...ofType('cpu_requested_cores', 'shop', 'mlserver', 0.5),
  ...ofType('memory_requested_bytes', 'shop', 'mlserver', 2 ** 31),
};

const HOURS = DAYS * 24;
const EXPECTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'Models, in all': { '{}': 5 },
  'Per namespace, platform or kind of server': { '{server_type="mlserver"}': 4, '{server_type="triton"}': 1 },
  'Share of the servers that host more than one model': { '{}': 0.25 },
  'Share of the servers that may be overcommitted': { '{}': 0.5 },
  'One `sum_over_time` gives hours, over any window. GPU-hours of the last 30 days': { '{}': 2 * HOURS },
  'Model-hours by namespace': { '{namespace="shop"}': 4 * HOURS, '{namespace="lab"}': HOURS },
  'Core-hours by kind of server': { '{server_type="mlserver"}': 0.5 * HOURS, '{server_type="triton"}': 4 * HOURS },
  'GiB-hours of memory that was requested': { '{}': 2 * HOURS },
  'What it cost at 2.50 a GPU-hour and 0.04 a core-hour, by namespace': {
    '{namespace="lab"}': 2.5 * 2 * HOURS + 0.04 * 4 * HOURS,
    '{namespace="shop"}': 0.04 * 0.5 * HOURS,
  },
  'those hours are missing from every sum. How much of a window was seen is recorded too. Share of the last 30 days': {
    '{}': 0.0333,
  },
};

describe('docs/usage.md', () => {
  it('has what is expected for each query', () => {
    expect(BLOCKS.map(([sentence]) => sentence)).toEqual(Object.keys(EXPECTED));
    expect(BLOCKS).toHaveLength((DOC.match(/```promql/g) ?? []).length);
    expect(INLINE.length).toBeGreaterThan(20);
  });

  it.each([...new Set([...BLOCKS.map(([, query]) => query), ...INLINE])])('names what there is: %s', (query) => {
    const problems = promqlProblems(query).filter((problem) => !/^by \([^)]*\) must carry cluster$/.test(problem));
    expect(problems).toEqual([]);
  });

  it.each(BLOCKS)('%s', (sentence, query) => {
    const expected = { expr: `round(${query}, 0.0001)`, samples: EXPECTED[sentence] ?? {} };
    const vector = { name: sentence, input: INPUT, expect: [{ ...expected, at: `${HOURS * 60 - 2}m` }] };
    expect(testRules(RULES, [vector], USAGE_INTERVAL_SECONDS).output).toContain('SUCCESS');
  });
});
