/**
 * A day of what the rules of drift read: hours that they recorded, an hour of counters, and references and settings of
 * now. As text with the time of each sample.
 */
import { METRICS, RECORDED } from '@modelwatch/contract';

/** As of a numeric feature: what is missing, new and so on has bins of its own. */
const BINS = [...Array.from({ length: 11 }, (_, bin) => String(bin)), 'below', 'above', 'missing', 'new', 'invalid'];
const FEATURES = 20;
/** Events are scraped this often. */
const SCRAPE_SECONDS = 60;
const EVERY_OTHER = 2;
const HOUR_SECONDS = 3600;
/** What an instant query still sees. */
const NOW_SECONDS = 240;

interface Subject {
  readonly raw: string;
  readonly recorded: string;
}

function subject(at: number): Subject {
  const model = Math.floor(at / FEATURES);
  const labels = `namespace="ns-${model % 20}",model="model-${model}",reference="0123456789abcdef"`;
  const feature = `feature="feature_${at % FEATURES}"`;
  return { raw: `${labels},${feature}`, recorded: `${labels},subject="feature",${feature}` };
}

interface Moment {
  readonly seconds: number;
  readonly ageSeconds: number;
  /** Rules record every second time. */
  readonly isRecorded: boolean;
}

function* ofSubject(at: number, { seconds, ageSeconds, isRecorded }: Moment): Generator<string> {
  const { raw, recorded } = subject(at);
  const when = Math.round(seconds * 1000);
  const line = (name: string, labels: string, value: number) => `${name}{${labels}} ${value} ${when}\n`;
  const isNow = ageSeconds < NOW_SECONDS;
  for (const [bin, name] of BINS.entries()) {
    const ofBin = `bin="${name}"`;
    // What a rule records itself from now on must not be there already.
    if (isRecorded && ageSeconds > NOW_SECONDS) yield line(RECORDED.binRows.name, `${recorded},${ofBin}`, 60 + bin);
    if (ageSeconds <= HOUR_SECONDS + SCRAPE_SECONDS) {
      yield line(METRICS.featureObservations.name, `${raw},version="1",${ofBin}`, Math.floor(seconds) * (1 + bin));
    }
    if (isNow)
      yield line(METRICS.featureReference.name, `${raw},${ofBin},from="${bin}",to="${bin + 1}"`, 1 / BINS.length);
  }
  if (isRecorded && ageSeconds > NOW_SECONDS) {
    for (const window of ['1h', '1d']) {
      yield line(RECORDED.driftRows.name, `${recorded},window="${window}"`, 1000);
    }
  }
  if (!isNow) return;
  yield line(METRICS.driftThreshold.name, `${recorded},level="warning"`, 0.1);
  yield line(METRICS.driftThreshold.name, `${recorded},level="critical"`, 0.25);
  yield line(METRICS.driftRowsNeeded.name, recorded, 480);
  yield line(METRICS.driftSubject.name, `${recorded},type="numeric",weight="high"`, 1);
  if (at % FEATURES > 0) return;
  const [model] = raw.split(',reference');
  yield line(METRICS.driftSettings.name, `${model},method="psi",window="1d"`, 1);
}

/** @param now when the rules begin to be evaluated, seconds since 1970 */
export function* driftPage(
  [first, end]: readonly [first: number, end: number],
  [seconds, until]: readonly [seconds: number, until: number],
  now: number
): Generator<string> {
  for (let at = seconds, step = 0; at < until; at += SCRAPE_SECONDS, step++) {
    const moment = { seconds: at, ageSeconds: now - at, isRecorded: step % EVERY_OTHER === 0 };
    if (first === 0) yield `${METRICS.exporterSynced.name} 1 ${Math.round(at * 1000)}\n`;
    for (let one = first; one < end; one++) yield* ofSubject(one, moment);
  }
}

/** Subjects that have so many bins. */
export function subjectsOf(bins: number): number {
  return Math.ceil(bins / BINS.length);
}
