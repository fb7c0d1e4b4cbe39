import { progressBar } from './progress';

const CLEAR = '\r\u001b[K';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  let nowMs = 5_000;
  const bar = progressBar({ isTTY, write: (text) => written.push(text) }, () => nowMs);
  return { written, bar, wait: (ms: number) => (nowMs += ms) };
}

it('tells how far it is and how long it takes, on one line that goes at the end', () => {
  const { written, bar, wait } = terminal(true);
  bar.show(0);
  wait(10_000);
  bar.show(0.25);
  bar.end();
  expect(written).toEqual([
    `${CLEAR}[${'.'.repeat(30)}] 0 %`,
    `${CLEAR}[${'#'.repeat(8)}${'.'.repeat(22)}] 25 %, 30 s left`,
    CLEAR,
  ]);
});

it('writes no more often than eyes can follow, and nothing where there was nothing', () => {
  const { written, bar, wait } = terminal(true);
  bar.end();
  bar.show(0.5);
  wait(99);
  bar.show(0.6);
  expect(written).toHaveLength(1);
  wait(1);
  bar.show(0.7);
  expect(written).toHaveLength(2);
});

it('leaves nothing in a file or a pipe', () => {
  const { written, bar } = terminal(false);
  bar.show(0.5);
  bar.end();
  expect(written).toEqual([]);
});
