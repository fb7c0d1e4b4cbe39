import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchFiles } from './file-watch';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const LOOK = 1_000;
const file = join(folder, 'a.yaml');
const looks = (count: number) => jest.advanceTimersByTime(count * LOOK);

function watched(files: () => string[]) {
  let changes = 0;
  const watch = watchFiles(files, () => (changes += 1), LOOK);
  return { changes: () => changes, stop: watch.stop };
}

it('tells a change once it is over, however it was made', () => {
  writeFileSync(file, 'one');
  const watch = watched(() => [file]);
  looks(3);
  expect(watch.changes()).toBe(0);
  appendFileSync(file, ' and');
  looks(1);
  appendFileSync(file, ' two');
  looks(1);
  expect(watch.changes()).toBe(0);
  looks(3);
  expect(watch.changes()).toBe(1);
  writeFileSync(join(folder, 'b.yaml'), 'one and two');
  utimesSync(join(folder, 'b.yaml'), 1, 1);
  renameSync(join(folder, 'b.yaml'), file);
  looks(3);
  expect(watch.changes()).toBe(2);
  rmSync(file);
  looks(3);
  writeFileSync(file, 'back');
  looks(3);
  expect(watch.changes()).toBe(4);
  watch.stop();
  appendFileSync(file, ' gone');
  looks(3);
  expect(watch.changes()).toBe(4);
});

it('follows the link that a ConfigMap is mounted with', () => {
  for (const generation of ['..one', '..two']) {
    mkdirSync(join(folder, generation));
    writeFileSync(join(folder, generation, 'c.yaml'), 'same size');
  }
  const turn = (generation: string) => {
    symlinkSync(generation, join(folder, '..next'));
    renameSync(join(folder, '..next'), join(folder, '..data'));
  };
  turn('..one');
  symlinkSync('..data/c.yaml', join(folder, 'c.yaml'));
  const watch = watched(() => [join(folder, 'c.yaml')]);
  turn('..two');
  looks(2);
  expect(watch.changes()).toBe(1);
  watch.stop();
});

it('takes up files that a change named', () => {
  const other = join(folder, 'other.pem');
  writeFileSync(file, 'x');
  writeFileSync(other, 'x');
  let files = [file];
  const watch = watched(() => files);
  files = [file, other];
  appendFileSync(file, 'x');
  looks(2);
  appendFileSync(other, 'x');
  looks(2);
  expect(watch.changes()).toBe(2);
  watch.stop();
});
