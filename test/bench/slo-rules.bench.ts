/**
 * Rules for objectives: how long it takes to write them, and what they cost a real Prometheus that has thirty days of what
 * they recorded; beside it what it costs when each objective has rules of its own.
 */
import { RECORDED } from '@modelwatch/contract';
import { buildQueriedSloRules, buildSloRules, renderGroups, type QueriedSlo } from '../../exporter/src/rules';
import { getJson } from '../support/processes';
import { medianMs, type Suite } from './figures';
import { figuresOf, type Measured } from './rules/costs';
import { INTERVAL_SECONDS, loadedPrometheus, type LoadedPrometheus, type Part } from './rules/loaded';
import { writeHistory } from './rules/slo-history';
import { layoutGroups } from './rules/slo-layout';
import { INDICATORS, sloPage, WINDOW } from './rules/slo-page';

/** MODELWATCH_BENCH_SLO_MODELS takes other numbers of models, separated by commas: a million samples for 14 of them. */
const SIZES = (process.env['MODELWATCH_BENCH_SLO_MODELS'] ?? '50').split(',').map(Number);
/** Whose objectives have rules of their own: each costs the same, however many there are. */
const LAYOUT_MODELS = 10;
const PART = 50;
const PAST_SECONDS = 330;
/** So many objectives are to be judged with that much of a core; fewer with as much less. */
const MOST_SLOS = 3_000;
const CORE_FOR_MOST = 0.2;
const MOST_MS = 2_000;

export const sloRules: Suite = {
  name: 'slo-rules',
  run: async () => {
    const figures = [await generation()];
    for (const models of SIZES) figures.push(...(await evaluation(models)));
    return figures;
  },
};

/** The most that can be: all objectives are queries of their owners, which take two rules each beside the common ones. */
async function generation(): Promise<Measured> {
  const slos = Array.from({ length: MOST_SLOS }, (_, at): QueriedSlo => {
    const model = `model-${Math.floor(at / INDICATORS.length)}`;
    const query = { kind: 'bad', events: `bad_total{model="${model}"}`, total: `all_total{model="${model}"}` } as const;
    return { namespace: 'ns', model, slo: `slo-${at}`, query };
  });
  const options = { intervalSeconds: INTERVAL_SECONDS };
  const common = () => renderGroups('prometheus', buildSloRules(options), options);
  const queried = () => renderGroups('prometheus', buildQueriedSloRules(options, slos), options);
  return {
    name: `rules of ${MOST_SLOS} objectives that are queries`,
    value: await medianMs(3, () => [common(), queried()]),
    unit: 'ms',
    target: MOST_MS,
    yardstick: { name: 'of as many that are not: the common ones', value: await medianMs(3, common) },
  };
}

async function evaluation(models: number): Promise<Measured[]> {
  const slos = models * INDICATORS.length;
  const ofLayout = Math.min(LAYOUT_MODELS, models);
  const parts = Array.from({ length: Math.ceil(models / PART) }, (_, part): Part => {
    const first = part * PART;
    return { page: (seconds) => sloPage(first, Math.min(first + PART, models), seconds) };
  });
  const until = Math.floor(Date.now() / 1_000) - PAST_SECONDS;
  const prometheus = await loadedPrometheus(parts, {
    pastSeconds: PAST_SECONDS,
    stepSeconds: INTERVAL_SECONDS,
    withoutTarget: true,
    history: (data) => writeHistory(data, models, ofLayout, until),
  });
  try {
    const of = `${slos} objectives`;
    const shipped = await figuresOf(
      prometheus,
      buildSloRules({ intervalSeconds: INTERVAL_SECONDS }),
      of,
      (CORE_FOR_MOST * slos) / MOST_SLOS
    );
    await holds(prometheus, `count(${RECORDED.sloBurnRate.name}{window="${WINDOW}"})`, slos);
    const others = layoutGroups(ofLayout);
    const layout = await figuresOf(prometheus, others, of, NaN);
    await holds(prometheus, `count(one:error_ratio_${WINDOW})`, others.length);
    const value = ((layout.at(-1)?.value ?? NaN) / others.length) * slos;
    return shipped.map((figure, at) =>
      at < shipped.length - 1 ? figure : { ...figure, yardstick: { name: 'with rules for each objective', value } }
    );
  } finally {
    await prometheus.stop();
  }
}

/** Rules over nothing cost nothing. */
async function holds({ url }: LoadedPrometheus, query: string, expected: number): Promise<void> {
  const answer = await getJson<{ data: { result: { value: [number, string] }[] } }>(
    `${url}/api/v1/query?query=${encodeURIComponent(query)}`
  );
  const got = Number(answer.data.result[0]?.value[1] ?? 0);
  if (got !== expected) throw new Error(`${query}: expected ${expected}, got ${got}`);
}
