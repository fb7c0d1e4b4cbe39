import type { QueryResultMetaNotice } from '@grafana/data';

/** What was left out, and why. */
export function droppedNotices(dropped: ReadonlyMap<string, number>): QueryResultMetaNotice[] {
  return [...dropped].map(([what, count]) => ({
    severity: 'warning',
    text: `${count} series left out: ${what}.`,
  }));
}
