/** Rows by bin that exporters counted against a reference, day by day, from Prometheus. */
import { METRICS, type Reference } from '@modelwatch/contract';
import { TableError } from '../../profile/table';
import type { RecentRows } from '../../profile/recent';
import { PrometheusError, type Query } from './query';

export const DAY_SECONDS = 86_400;

export interface RecentAsked {
  readonly reference: Reference;
  readonly namespace: string;
  readonly model: string;
  readonly days: number;
  /** The end of the last day. */
  readonly untilSeconds: number;
  /** Value of the label `cluster`, where one Prometheus has several. */
  readonly cluster?: string | undefined;
}

export interface RecentRead {
  readonly rows: RecentRows;
  /** Days of which there is any row. */
  readonly daysWithRows: number;
  /** Start of the first of them. */
  readonly firstSeconds?: number;
  readonly warnings: readonly string[];
}

/** A day at a time: two weeks of counters in one query are more samples than Prometheus takes. @throws TableError */
export async function readRecentRows(
  query: Query,
  asked: RecentAsked,
  progress: (share: number) => void
): Promise<RecentRead> {
  const features = new Map<string, Map<string, number>>();
  const prediction = new Map<string, number>();
  const clusters = new Set<string>();
  const warnings = new Set<string>();
  let [daysWithRows, firstSeconds] = [0, Infinity];
  const ask = async (family: string, at: number) => {
    const answer = await query(increaseOf(family, asked), at).catch((error: unknown) => {
      throw error instanceof PrometheusError ? new TableError([error.message]) : error;
    });
    for (const warning of answer.warnings) warnings.add(`Prometheus warns: ${warning}`);
    return answer.samples.filter(({ value }) => value > 0);
  };
  for (let day = 0; day < asked.days; day++) {
    const at = asked.untilSeconds - (asked.days - 1 - day) * DAY_SECONDS;
    const ofFeatures = await ask(METRICS.featureObservations.name, at);
    for (const { labels, value } of ofFeatures) {
      clusters.add(labels['cluster'] ?? '');
      const feature = labels['feature'] ?? '';
      const bins = features.get(feature) ?? new Map<string, number>();
      features.set(feature, bins);
      raise(bins, labels['bin'], value);
    }
    if (asked.reference.prediction) {
      const ofPredictions = await ask(METRICS.predictionObservations.name, at);
      for (const { labels, value } of ofPredictions) raise(prediction, labels['bin'], value);
    }
    if (ofFeatures.length > 0) {
      daysWithRows++;
      firstSeconds = Math.min(firstSeconds, at - DAY_SECONDS);
    }
    progress((day + 1) / asked.days);
  }
  refuseSeveral(clusters);
  const rows = { features, ...(prediction.size > 0 && { prediction }) };
  const known = daysWithRows > 0 ? { firstSeconds } : {};
  return { rows, daysWithRows, ...known, warnings: [...warnings] };
}

function increaseOf(family: string, { namespace, model, reference, cluster }: RecentAsked): string {
  const ids = [reference.id, ...(reference.sameBins ?? [])].join('|');
  const matchers = [
    `namespace=${JSON.stringify(namespace)}`,
    `model=${JSON.stringify(model)}`,
    `reference=~"${ids}"`,
    ...(cluster === undefined ? [] : [`cluster=${JSON.stringify(cluster)}`]),
  ];
  return `sum by (cluster, feature, bin) (increase(${family}{${matchers.join(', ')}}[1d]))`;
}

function refuseSeveral(clusters: ReadonlySet<string>): void {
  if (clusters.size <= 1) return;
  const names = [...clusters].map((name) => JSON.stringify(name)).sort();
  throw new TableError([`expected the model of one cluster, got those of ${names.join(', ')}; say --cluster NAME`]);
}

function raise(bins: Map<string, number>, bin: string | undefined, rows: number): void {
  if (bin !== undefined) bins.set(bin, (bins.get(bin) ?? 0) + rows);
}
