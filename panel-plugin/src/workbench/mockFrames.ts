/** A mock fleet as the frames that the data source gives. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import { INVENTORY_FIELDS as F, type FrameKind } from '@modelwatch/contract';
import { FIXTURE_NOW_MS, FIXTURE_RANGE_MS, seeded, type MockModel } from './mockFleet';

const POINTS = 60;

function mark(kind: FrameKind) {
  return { custom: { modelwatch: { kind, answeredAtMs: FIXTURE_NOW_MS } } };
}

function inventory(models: readonly MockModel[]): DataFrame {
  const ago = (seconds: number | undefined) => (seconds === undefined ? null : FIXTURE_NOW_MS - seconds * 1000);
  const channels = [...new Set(models.flatMap((one) => Object.keys(one.channels ?? {})))];
  const string = (name: string, values: Array<string | null>) => ({ name, type: FieldType.string, values });
  const number = (name: string, values: Array<number | null>) => ({ name, type: FieldType.number, values });
  const time = (name: string, values: Array<number | null>) => ({ name, type: FieldType.time, values });
  return createDataFrame({
    name: 'Models',
    meta: mark('inventory'),
    fields: [
      string(
        F.namespace,
        models.map(({ namespace }) => namespace)
      ),
      string(
        F.model,
        models.map(({ name }) => name)
      ),
      string(
        F.platform,
        models.map((_, index) => (index % 2 ? 'kserve' : 'seldon'))
      ),
      string(
        F.health,
        models.map(({ health }) => health)
      ),
      string(
        F.reason,
        models.map(({ reason }) => reason ?? null)
      ),
      time(
        F.since,
        models.map(({ sinceMinutes }) => ago(sinceMinutes && sinceMinutes * 60))
      ),
      number(
        F.replicasAvailable,
        models.map(({ replicas }) => replicas[0])
      ),
      number(
        F.replicasDesired,
        models.map(({ replicas }) => replicas[1])
      ),
      time(
        F.lastObserved,
        models.map(({ ageSeconds }) => ago(ageSeconds))
      ),
      string(
        F.server,
        models.map(() => 'mlserver')
      ),
      string(
        F.version,
        models.map((_, index) => `v${(index % 9) + 1}`)
      ),
      string(
        F.owner,
        models.map(({ namespace }) => `team-${namespace}`)
      ),
      number(
        F.requestsPerDay,
        models.map(({ traffic }, index) => (traffic === 'zero' ? 0 : 18_402 * ((index % 5) + 1)))
      ),
      time(
        F.lastRequest,
        models.map(({ traffic }) => ago(traffic === 'zero' ? 5 * 3600 : 4))
      ),
      ...channels.map((channel) =>
        string(
          `${F.channelPrefix}${channel}`,
          models.map((one) => one.channels?.[channel] ?? null)
        )
      ),
    ],
  });
}

function timesMs(): number[] {
  return Array.from({ length: POINTS }, (_, index) => FIXTURE_NOW_MS - FIXTURE_RANGE_MS * (1 - (index + 1) / POINTS));
}

function trafficAt({ traffic = 'day' }: MockModel, share: number, wave: number, noise: number): number | null {
  if (traffic === 'zero') return 0;
  if (traffic === 'end' && share > 0.93) return null;
  if (traffic === 'few') return Math.round(share * POINTS) % 8 === 0 ? 2 : 0;
  if (traffic === 'drop' && share > 0.9) return 0.1;
  return 10 * (0.6 + 0.3 * wave + 0.12 * noise);
}

function histories(models: readonly MockModel[]): DataFrame[] {
  const times = timesMs();
  const labels = ({ namespace, name }: MockModel) => ({ namespace, model: name });
  const timeField = { name: 'time', type: FieldType.time, values: times };
  const shares = times.map((_, index) => (index + 0.5) / POINTS);
  const health = models.map((one) => ({
    name: F.health,
    type: FieldType.string,
    labels: labels(one),
    values: shares.map((share) => one.history?.find(([from, to]) => share >= from && share <= to)?.[2] ?? 'healthy'),
  }));
  const traffic = models.map((one, seed) => {
    const random = seeded((seed + 1) * 2_654_435_761);
    // The golden angle: no two neighbours have the same day.
    const phase = seed * 2.4;
    return {
      name: F.requestsPerSecond,
      type: FieldType.number,
      labels: labels(one),
      values: shares.map((share) => trafficAt(one, share, Math.sin(phase + share * 6.2), random() - 0.5)),
    };
  });
  return [
    createDataFrame({ meta: mark('health-history'), fields: [timeField, ...health] }),
    createDataFrame({ meta: mark('requests-history'), fields: [timeField, ...traffic] }),
  ];
}

/** @param withHistory the histories of a thousand models are asked for by nobody */
export function framesOf(models: readonly MockModel[], withHistory = true): DataFrame[] {
  return [inventory(models), ...(withHistory ? histories(models) : [])];
}
