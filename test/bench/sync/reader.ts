/**
 * What is measured, in a process of its own. Arguments: address of the API server, number of pods, and `source` for the
 * Kubernetes source or `parse` for the yardstick, which fetches and parses the same bytes and does nothing with them.
 * Prints one line of JSON.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { NO_TELEMETRY } from '../../../exporter/src/domain/telemetry';
import { createKubernetesSource, KINDS } from '../../../exporter/src/sources/kubernetes';

const [server = '', count = '0', what = 'source'] = process.argv.slice(2);
const pods = Number(count);
const EVENTS = 60_000;

export interface ReaderFigures {
  readonly listMs: number;
  readonly listCpuMs: number;
  readonly listStallMs: number;
  readonly eventsPerSecond: number;
  readonly eventsStallMs: number;
  readonly peakMb: number;
}

/** Longest time for which a timer of 1 ms was late. */
function stallMeter() {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  return () => {
    const longestMs = histogram.max / 1e6;
    histogram.reset();
    return longestMs;
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function parse(): Promise<void> {
  let next: string | undefined = '';
  while (next !== undefined) {
    const response = await fetch(`${server}/api/v1/pods?limit=250${next && `&continue=${next}`}`);
    const page = JSON.parse(await response.text()) as { metadata: { continue?: string } };
    next = page.metadata.continue;
  }
}

async function source(readStall: () => number): Promise<Omit<ReaderFigures, 'listMs' | 'listCpuMs' | 'peakMb'>> {
  let applied = 0;
  let wanted = pods;
  let reached: () => void = () => undefined;
  const until = (more: number) => {
    wanted = applied + more;
    return new Promise<void>((resolve) => (reached = resolve));
  };
  const options = { server, namespaces: [], staleAfterSeconds: 150, pageSize: 500, requestsPerSecond: 100 };
  const kinds = KINDS.filter(({ resource }) => resource === 'Pod').map(({ labelSelectors: _, ...kind }) => kind);
  const synced = new Promise<void>((resolve) => {
    const tell: Parameters<typeof createKubernetesSource>[1] = (observation) => {
      if (observation.kind === 'resource-applied' && ++applied >= wanted) reached();
      if (observation.kind === 'source-status' && observation.state === 'synced' && applied >= pods) resolve();
    };
    createKubernetesSource(options, tell, NO_TELEMETRY, { kinds }).start();
  });
  await synced;
  figures.listMs = performance.now() - startedAt;
  figures.listCpuMs = cpuMs() - startedCpu;
  const listStallMs = readStall();
  const all = until(EVENTS);
  const from = performance.now();
  await fetch(`${server}/bench/events?count=${EVENTS}`);
  await all;
  const eventsPerSecond = EVENTS / ((performance.now() - from) / 1_000);
  return { listStallMs, eventsPerSecond, eventsStallMs: readStall() };
}

const figures = { listMs: 0, listCpuMs: 0 };
const readStall = stallMeter();
const startedAt = performance.now();
const startedCpu = cpuMs();

async function main(): Promise<void> {
  const peakMb = () => process.resourceUsage().maxRSS / 1_024;
  if (what === 'source') {
    const measured = await source(readStall);
    console.log(JSON.stringify({ ...figures, ...measured, peakMb: peakMb() }));
  } else {
    await parse();
    const listMs = performance.now() - startedAt;
    console.log(JSON.stringify({ listMs, listCpuMs: cpuMs() - startedCpu, peakMb: peakMb() }));
  }
  process.exit(0);
}

void main();
