/** What serving costs: CPU by the work that was done, memory by what is loaded and in flight. */
import type { ModelServerKind } from '../fleet/server-kinds';
import type { ModelTraffic, Since } from '../fleet/meter';

const MEBIBYTE = 1_048_576;

/** Cores that are busy while one request is worked on; LLM servers leave the work to their GPU. */
const CORES: Readonly<Record<ModelServerKind, number>> = {
  mlserver: 0.55,
  triton: 0.3,
  kserve: 0.6,
  vllm: 0.25,
  torchserve: 0.7,
  tfserving: 0.8,
  llamacpp: 3.2,
  tgi: 0.2,
};

/** Of a server that nobody asks, in cores and bytes. */
const IDLE_CORES = 0.012;
const BASE_BYTES: Readonly<Record<ModelServerKind, number>> = {
  mlserver: 420 * MEBIBYTE,
  triton: 900 * MEBIBYTE,
  kserve: 260 * MEBIBYTE,
  vllm: 9_000 * MEBIBYTE,
  torchserve: 1_100 * MEBIBYTE,
  tfserving: 640 * MEBIBYTE,
  llamacpp: 5_200 * MEBIBYTE,
  tgi: 6_400 * MEBIBYTE,
};
const MODEL_BYTES = 90 * MEBIBYTE;
const REQUEST_BYTES = 3 * MEBIBYTE;

/** CPU seconds since `startedMs`. `process`: of the running process alone; `ever`: of its container before it, too. */
export function cpuSeconds(
  kind: ModelServerKind,
  models: readonly ModelTraffic[],
  startedMs: number,
  nowMs: number,
  since: Since
): number {
  const worked = models.reduce((sum, traffic) => sum + traffic.workedSeconds(nowMs, since), 0);
  const idle = (Math.max(0, nowMs - startedMs) / 1_000) * IDLE_CORES;
  return Number((idle + worked * CORES[kind]).toFixed(3));
}

/** Of the CPU seconds of the running process, those beyond the usual in which it was held back by its limit. */
export function heldBackSeconds(kind: ModelServerKind, models: readonly ModelTraffic[], nowMs: number): number {
  return models.reduce((sum, traffic) => sum + traffic.heldBackSeconds(nowMs), 0) * CORES[kind];
}

/** Cores in use at this moment. */
export function cpuCores(kind: ModelServerKind, models: readonly ModelTraffic[], nowMs: number): number {
  const busy = models.reduce(
    (sum, traffic) => sum + traffic.meters.reduce((total, meter) => total + meter.inFlight(nowMs).working, 0),
    0
  );
  return IDLE_CORES + busy * CORES[kind];
}

export function residentBytes(kind: ModelServerKind, models: readonly ModelTraffic[], nowMs: number): number {
  const flying = models.reduce((sum, traffic) => {
    const { working, waiting } = traffic.inFlight(nowMs);
    return sum + working + waiting;
  }, 0);
  return BASE_BYTES[kind] + models.length * MODEL_BYTES + Math.floor(flying) * REQUEST_BYTES;
}
