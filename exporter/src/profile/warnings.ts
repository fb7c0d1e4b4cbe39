import type { Reference } from '@modelwatch/contract';
import { seriesOf } from '../domain/events/budget';
import type { ColumnScan } from './scan';

const MOSTLY_OTHER = 0.5;
const ROWS_PER_BIN = 30;
/** What one model may have unless the configuration says otherwise (events.maxSeriesPerModel). */
const SERIES_PER_MODEL = 2_000;

/** What is allowed and most likely not meant. */
export function warningsOf(scans: ReadonlyMap<string, ColumnScan>, reference: Reference): string[] {
  const { rows, features } = reference;
  const warnings: string[] = [];
  for (const feature of features) {
    const { name, special } = feature;
    const scan = scans.get(name);
    if (!scan) continue;
    if (feature.type === 'categorical' && feature.special.other.share > MOSTLY_OTHER) {
      const percent = (feature.special.other.share * 100).toFixed(0);
      warnings.push(
        `column ${name}: ${percent} % of the rows are other categories than the ${feature.bins.length} named`
      );
    }
    if (special.invalid.count > 0) {
      const { row, value } = scan.first.text ?? scan.first.time ?? scan.first.boolean ?? { row: 0, value: '' };
      warnings.push(
        `column ${name}: ${values(special.invalid.count)}, the first in row ${row} (${JSON.stringify(value.slice(0, 40))})`
      );
    }
  }
  const bins = Math.max(...features.map((feature) => feature.bins.length));
  if (rows < ROWS_PER_BIN * bins) {
    warnings.push(
      `${rows} rows are few for ${bins} bins: shares of the reference are uncertain below ${ROWS_PER_BIN * bins}`
    );
  }
  for (const { column, values: named } of reference.segments ?? []) {
    const few = named.filter((each) => each.rows < ROWS_PER_BIN * bins).map(({ value }) => JSON.stringify(value));
    if (few.length > 0) {
      const text = `of ${few.join(', ')} there are fewer than the ${ROWS_PER_BIN * bins} rows that ${bins} bins want`;
      warnings.push(`segment ${column}: ${text}: their shares are uncertain`);
    }
  }
  const series = seriesOf(reference, { excluded: [] });
  if (series > SERIES_PER_MODEL) {
    const [cost, most] = [series, SERIES_PER_MODEL].map((value) => value.toLocaleString('en-US'));
    warnings.push(
      `${cost} series for ${features.length} features, one for each bin, are more than the ${most} of a model: the least important features will not be counted; --exclude some, or take fewer --bins or --categories`
    );
  }
  return warnings;
}

function values(count: number): string {
  return count === 1 ? '1 value is no number' : `${count} values are no numbers`;
}
