import { COVERAGE_ROWS_NEEDED, coverageSentence, UNSEEN_FROM_RATIO } from '@modelwatch/contract';
import type { CoverageRow } from './join';

const count = (number: number): string => String(Math.round(number));

/** What is not seen now, or that nothing new is known of it. */
function partly({ unseen, figures }: CoverageRow): string {
  const refused = figures.get('series_refused') ?? 0;
  const said = [
    ...(unseen && unseen.ratio >= UNSEEN_FROM_RATIO ? [coverageSentence(unseen.part, unseen.ratio)] : []),
    ...(refused > 0 ? [`${count(refused)} series had no room`] : []),
  ];
  return said.join('; ') || `Partial when an hour last had ${COVERAGE_ROWS_NEEDED} events`;
}

/** The state of coverage in one sentence. */
export function coverageWords(row: CoverageRow): string {
  const { state, unseen, rows } = row;
  const received = rows.get('received');
  switch (state) {
    case 'partial':
      return partly(row);
    case 'complete':
      if (!unseen) return `Complete when an hour last had ${COVERAGE_ROWS_NEEDED} events`;
      return unseen.ratio > 0 ? coverageSentence(unseen.part, unseen.ratio) : 'All events of the last hour are seen';
    case 'no_reference':
      return 'Events are counted, and there is no reference to compare them with';
    case 'too_little_data':
      return received === undefined
        ? `Fewer than ${COVERAGE_ROWS_NEEDED} events in the last hour`
        : `${count(received)} of ${COVERAGE_ROWS_NEEDED} events in the last hour`;
    case 'no_events':
      return 'No event came for a day';
    default:
      return 'No coverage of this model is recorded';
  }
}
