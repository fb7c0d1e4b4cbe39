import type { IngestReport } from '@modelwatch/contract';
import { createReplays } from './replays';

const NOW = 1_800_000_000;
const BODY = Buffer.from('[]');

function reportWith(count: number, message: string): IngestReport {
  const problems = Array.from({ length: count }, (_, index) => ({ index, reason: 'malformed' as const, message }));
  return { accepted: 7, duplicates: 1, waiting: 2, refused: count, problems };
}

test('a report with many problems is told whole at first, then with its counts and the first of them', async () => {
  const replays = createReplays();
  const report = reportWith(100, 'm'.repeat(200));
  const once = () => replays.once(['anna'], 'k', BODY, NOW, () => Promise.resolve(report));
  expect(await once()).toEqual({ report, isReplay: false });
  expect(await once()).toEqual({ report: { ...report, problems: report.problems.slice(0, 5) }, isReplay: true });
});

test('a problem beyond all measure is not kept, whatever its counts are', async () => {
  const replays = createReplays();
  const once = () =>
    replays.once(['anna'], 'k', BODY, NOW, () => Promise.resolve(reportWith(1, 'm'.repeat(1_000_000))));
  await once();
  expect(await once()).toMatchObject({ report: { accepted: 7, refused: 1, problems: [] }, isReplay: true });
});

test('the same key of another sender, or of another model, is another request', async () => {
  const replays = createReplays();
  for (const whose of [
    ['anna', 'shop'],
    ['ben', 'shop'],
    ['anna', 'bank'],
    [undefined, 'shop'],
  ]) {
    const { isReplay } = await replays.once(whose, 'k', BODY, NOW, () => Promise.resolve(reportWith(0, '')));
    expect(isReplay).toBe(false);
  }
});
