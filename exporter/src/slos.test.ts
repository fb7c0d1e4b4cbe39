import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigMap } from './domain/events/config-map';
import { createSloBook } from './domain/slo/book';
import { meta } from './domain/testing/builders';
import { startSlos, type SloConfig } from './slos';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-slos-'));
const warnings: object[] = [];
const log = { info: () => undefined, warn: (fields: object) => void warnings.push(fields) };
let counted = 0;
const ended: (() => void)[] = [];
function start(config: Partial<SloConfig>) {
  const slos = startSlos(
    { slos: [], sloFiles: [], ...config },
    { log, lookEveryMs: 10, onProblems: (count) => (counted = count) }
  );
  ended.push(slos.stop);
  return slos;
}
beforeEach(() => warnings.splice(0));
afterEach(() => ended.splice(0).forEach((stop) => stop()));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (name: string, objective = 0.99) =>
  `slos: [{ name: ${name}, indicator: availability, objective: ${objective} }]\n`;
const map = (name: string, slos: Record<string, string>): ConfigMap => ({
  ...{ kind: 'ConfigMap', meta: meta(name), references: {}, settings: {}, slos },
});
const namesOf = ({ current }: ReturnType<typeof startSlos>) => current().declared.map(({ spec }) => spec.name);

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 300 && !isSo(); turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}

it('declares those of the configuration, of files, and of ConfigMaps by name, in this order', () => {
  const file = join(folder, 'order.yaml');
  writeFileSync(file, text('of-file'));
  const config = {
    name: 'of-config',
    indicator: 'drift',
    objective: 0.9,
    window: '30d',
    method: 'occurrences',
  } as const;
  const slos = start({ slos: [config], sloFiles: [file] });
  const maps = slos.configMaps();
  maps.applied(map('b', { 'a.yaml': text('of-b') }));
  maps.applied(map('a', { 'a.yaml': text('of-a') }));
  expect(namesOf(slos)).toEqual(['of-config', 'of-file', 'of-a', 'of-b']);
  expect(slos.current().declared.at(-1)).toMatchObject({
    boundTo: 'payments',
    place: 'configmap payments/b a.yaml line 1',
  });
  maps.deleted('payments', 'a');
  expect(namesOf(slos)).toEqual(['of-config', 'of-file', 'of-b']);
});

it('is the same as long as nothing changed, whatever is read again', () => {
  const slos = start({});
  const maps = slos.configMaps();
  maps.applied(map('a', { 'a.yaml': text('one') }));
  const before = slos.current();
  maps.applied(map('a', { 'a.yaml': text('one') }));
  maps.applied(map('other', {}));
  // Watches that answer later say nothing now.
  slos.configMaps().applied(map('b', { 'a.yaml': text('later') }));
  expect(slos.current()).toBe(before);
});

it('keeps the last good ones of a file, and tells what is wrong until it is mended', async () => {
  const file = join(folder, 'changing.yaml');
  writeFileSync(file, text('good'));
  const slos = start({ sloFiles: [file] });
  expect(namesOf(slos)).toEqual(['good']);
  writeFileSync(file, text('bad', 99.5));
  await until(() => slos.current().problems.length === 1);
  expect(slos.current().problems[0]?.text).toContain('slos[0].objective: expected a share: 0.995, got 99.5');
  expect(namesOf(slos)).toEqual(['good']);
  expect(warnings).toHaveLength(1);
  slos.advance(createSloBook());
  expect(counted).toBe(1);
  writeFileSync(file, text('better'));
  await until(() => namesOf(slos)[0] === 'better');
  expect(slos.current().problems).toEqual([]);
});

it('tells of a file that is not there, and reads it when it appears', async () => {
  const file = join(folder, 'late.yaml');
  const slos = start({ sloFiles: [file] });
  expect(slos.current().problems).toEqual([
    { place: file, text: 'expected a file that can be read, got no such file' },
  ]);
  writeFileSync(file, text('late'));
  await until(() => namesOf(slos).length === 1);
});

it('takes the ConfigMaps of other watches when these take over, with the last good ones', () => {
  const slos = start({});
  const first = slos.configMaps();
  first.applied(map('a', { 'a.yaml': text('good') }));
  const second = slos.configMaps();
  second.applied(map('a', { 'a.yaml': text('bad', 7) }));
  second.applied(map('b', { 'a.yaml': text('more') }));
  expect(namesOf(slos)).toEqual(['good']);
  second.takeOver();
  expect(namesOf(slos)).toEqual(['good', 'more']);
  expect(slos.current().problems).toHaveLength(1);
});

it('follows the configuration', () => {
  const [one, other] = ['one.yaml', 'other.yaml'].map((name) => join(folder, name));
  writeFileSync(one!, text('one'));
  writeFileSync(other!, text('other'));
  const slos = start({ sloFiles: [one!] });
  slos.change({ slos: [], sloFiles: [other!] });
  expect(namesOf(slos)).toEqual(['other']);
});

it('watches a file once that is listed twice, and none when it ends', () => {
  jest.useFakeTimers();
  try {
    const file = join(folder, 'twice.yaml');
    writeFileSync(file, text('twice'));
    const slos = start({ sloFiles: [file, file] });
    expect(namesOf(slos)).toEqual(['twice']);
    expect(jest.getTimerCount()).toBe(1);
    slos.stop();
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
