/**
 * Thirty days of what the rules of objectives recorded, as blocks of Prometheus: OpenMetrics, written to a file bit by bit,
 * which promtool makes blocks of.
 */
import { createWriteStream, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RECORDED } from '@modelwatch/contract';
import { startProgram } from '../../support/processes';
import { RATIO_5M, ratioSlos } from './slo-layout';
import { counters, INDICATORS, modelLabels, text, WINDOW } from './slo-page';

const DAY = 86_400;
const MINUTE = 60;
const COARSE = 240;
/** What windows to a day read, and a little. */
const FINE_DAYS = 1.1;
const BUDGET_DAYS = 30;
/** What rates over three days read. */
const COUNTER_DAYS = 3.1;
/** Lines of a series that are one piece of the file. */
const PIECE = 1_000;

interface Past {
  readonly days: number;
  readonly stepSeconds: number;
  readonly value: (seconds: number) => number;
}

function* series(selector: string, until: number, { days, stepSeconds, value }: Past): Generator<string> {
  let piece = '';
  let lines = 0;
  for (let at = until - Math.floor((days * DAY) / stepSeconds) * stepSeconds; at <= until; at += stepSeconds) {
    piece += `${selector} ${value(at)} ${at}\n`;
    if (++lines % PIECE > 0) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Load that goes up and down with the day, so that nothing is stored for free. */
function load(seconds: number, mean: number): number {
  const day = Math.sin((2 * Math.PI * seconds) / DAY);
  return Number((mean * (1 + 0.5 * day + 0.1 * Math.sin(seconds / 7))).toFixed(4));
}

function* ofModel(at: number, until: number): Generator<string> {
  const recorded: readonly (readonly [name: string, mean: number, fine: boolean])[] = [
    [RECORDED.sloEventsRate.name, 20, true],
    [RECORDED.sloBadEventsRate.name, 0.01, true],
    [RECORDED.sloEventsCoarseRate.name, 20, false],
    [RECORDED.sloBadEventsCoarseRate.name, 0.01, false],
  ];
  for (const { slo } of INDICATORS) {
    const labels = text({ ...modelLabels(at), slo });
    for (const [name, mean, fine] of recorded) {
      const selector = fine ? `${name}{${labels}}` : `${name}{${labels},window="${WINDOW}"}`;
      const span = fine ? { days: FINE_DAYS, stepSeconds: MINUTE } : { days: BUDGET_DAYS, stepSeconds: COARSE };
      yield* series(selector, until, { ...span, value: (seconds) => load(seconds, mean) });
    }
  }
}

/** What rules for each objective over raw ratios read: counters of three days, and the ratio of each five minutes. */
function* ofLayout(models: number, until: number): Generator<string> {
  for (let at = 0; at < models; at++) {
    for (const [name, labels, perSecond] of counters(at)) {
      const past = { days: COUNTER_DAYS, stepSeconds: MINUTE, value: (s: number) => Math.floor(s * perSecond) };
      yield* series(`${name}{${labels}}`, until, past);
    }
  }
  for (const { id } of ratioSlos(models)) {
    const past = { days: BUDGET_DAYS, stepSeconds: MINUTE, value: (seconds: number) => load(seconds, 0.0005) };
    yield* series(`${RATIO_5M}{objective="${id}",window="5m"}`, until, past);
  }
}

function* all(models: number, layoutModels: number, until: number): Generator<string> {
  for (let at = 0; at < models; at++) yield* ofModel(at, until);
  yield* ofLayout(layoutModels, until);
  yield '# EOF\n';
}

/**
 * Blocks in the folder `data`, which end at `until`.
 * @param layoutModels so many of the models have what rules for each objective need, too
 * @throws Error with what promtool says
 */
export async function writeHistory(data: string, models: number, layoutModels: number, until: number): Promise<void> {
  const file = `${data}.openmetrics`;
  await pipeline(Readable.from(all(models, layoutModels, until)), createWriteStream(file));
  // Few large blocks: the file is read once for each.
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=1458h', file, data];
  const promtool = startProgram('promtool', args);
  const code = await promtool.ended;
  rmSync(file);
  if (code !== 0) throw new Error(`promtool: ${promtool.output()}`);
}
