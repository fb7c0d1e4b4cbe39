import { Piece } from './piece';
import { Upkeep } from './upkeep';

const work = { sealed: 0, compressed: 0 };

/** One segment that changes every second, and gzip scrapes at the given seconds; returns when it was compressed. */
async function secondsOfCompression(scrapes: readonly number[], untilSeconds: number): Promise<number[]> {
  const passes: number[] = [];
  let second = 0;
  const deflater = (bytes: () => Buffer) => {
    passes.push(second);
    return Promise.resolve(bytes());
  };
  const upkeep = new Upkeep(deflater, () => false);
  let piece = Piece.empty(work);
  for (second = 0; second <= untilSeconds; second++) {
    if (scrapes.includes(second)) upkeep.gzipScraped();
    const before = piece;
    piece = piece.with(0, `a ${second}\n`);
    piece.seal();
    upkeep.onPiece(before, piece);
    await jest.advanceTimersByTimeAsync(1_000);
  }
  return passes;
}

describe('upkeep', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('compresses once per scrape, shortly before it is due, however often the segment changes', async () => {
    expect(await secondsOfCompression([0, 30, 60, 90], 120)).toEqual([58, 88, 118]);
  });

  it('expects two scrapers with the same interval at each one’s own time', async () => {
    expect(await secondsOfCompression([0, 11, 30, 41, 60, 71], 89)).toEqual([20, 39, 50, 58, 69, 80, 88]);
  });

  it('stops when nobody scrapes with gzip any more, and never starts when nobody did', async () => {
    expect(await secondsOfCompression([0, 30, 60], 600)).toEqual([58, 88]);
    expect(await secondsOfCompression([5], 100)).toEqual([]);
  });

  it('seals what waits without being asked', async () => {
    const upkeep = new Upkeep(
      () => Promise.reject(new Error('nothing to compress')),
      () => false
    );
    const empty = Piece.empty(work);
    const piece = empty.with(3, 'a 1\n');
    upkeep.onPiece(empty, piece);
    expect(piece.sealed).toBe(false);
    await jest.advanceTimersByTimeAsync(100);
    expect(piece.sealed).toBe(true);
  });
});
