import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import { DISTRIBUTION_FIELDS, type DistributionOrigins, type FrameMark } from '@modelwatch/contract';
import { UNITS } from '../appearance';
import type { FrameContext } from '../inventoryFrame';
import { totalOf, type Distribution } from './distribution';
import { subjectOf } from './scoresFrame';
import { sharesAsCounted } from './statistics';

/** Frame `distribution` (contract, DISTRIBUTION_FIELDS). */
export function distributionFrame(
  { subject, bins, adds }: Distribution,
  context: FrameContext,
  origins?: DistributionOrigins
): DataFrame {
  const mark: FrameMark = {
    kind: 'distribution',
    answeredAtMs: context.answeredAtMs,
    subject: subjectOf(subject),
    ...(origins && { origins }),
  };
  const all = totalOf(bins);
  const smoothed = bins.map(({ share }) => share);
  const reference = subject.referenceRows ? sharesAsCounted(smoothed, subject.referenceRows) : smoothed;
  const text = (name: string, title: string, values: readonly string[]) => ({
    name,
    type: FieldType.string,
    config: { displayNameFromDS: title },
    values: [...values],
  });
  const number = (name: string, title: string, values: ReadonlyArray<number | null>, unit?: string) => ({
    name,
    type: FieldType.number,
    config: { displayNameFromDS: title, ...(unit && { unit }) },
    values: [...values],
  });
  return createDataFrame({
    refId: context.refId,
    name: 'Distribution',
    meta: {
      custom: { modelwatch: mark },
      preferredVisualisationType: 'table',
      ...(context.notices?.length && { notices: [...context.notices] }),
    },
    fields: [
      text(
        DISTRIBUTION_FIELDS.bin,
        'Bin',
        bins.map(({ bin }) => bin)
      ),
      text(
        DISTRIBUTION_FIELDS.label,
        'Values',
        bins.map(({ label }) => label)
      ),
      number(
        DISTRIBUTION_FIELDS.from,
        'From',
        bins.map(({ from }) => from)
      ),
      number(
        DISTRIBUTION_FIELDS.to,
        'To',
        bins.map(({ to }) => to)
      ),
      {
        name: DISTRIBUTION_FIELDS.special,
        type: FieldType.boolean,
        config: { displayNameFromDS: 'Special' },
        values: bins.map(({ special }) => special),
      },
      number(DISTRIBUTION_FIELDS.reference, 'Reference', reference, UNITS.ratio),
      number(
        DISTRIBUTION_FIELDS.current,
        'Current',
        bins.map(({ rows = 0 }) => (all > 0 ? rows / all : null)),
        UNITS.ratio
      ),
      number(
        DISTRIBUTION_FIELDS.rows,
        'Rows',
        bins.map(({ rows }) => rows ?? null),
        UNITS.count
      ),
      number(DISTRIBUTION_FIELDS.adds, 'Adds to the score', adds),
    ],
  });
}
