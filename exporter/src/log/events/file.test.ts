import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileSink } from './file';
import { counted, line, write } from './sinks.fixture';
import { createStdoutSink } from './stdout';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelwatch-sinks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('file sink', () => {
  const files = () => readdirSync(folder).sort();
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');

  function fileSink(
    more: { maxBytes?: number; maxAgeSeconds?: number; keepFiles?: number; nowMs?: () => number } = {}
  ) {
    const told = counted();
    const sink = createFileSink({
      ...{ path: join(folder, 'events.ndjson'), maxBytes: 1_000_000, maxAgeSeconds: 86_400, keepFiles: 2 },
      ...{ telemetry: told.telemetry, retryMs: 5, maxWaitingBytes: 200 },
      ...more,
    });
    return { ...told, sink };
  }

  it.each([
    ['', Date.now],
    [', also of one millisecond', () => 1_800_000_000_000],
  ])('puts a file aside when it is large enough, and keeps the last ones%s', async (_, nowMs) => {
    const { sink, reaches } = fileSink({ maxBytes: 60, nowMs });
    for (let index = 0; index < 9; index++) {
      sink.append(line(index));
      await reaches('written', index + 1);
    }
    await sink.stop(1_000);
    expect(files()).toHaveLength(3);
    const lines = files().flatMap((name) => read(name).trimEnd().split('\n'));
    expect(lines.sort()).toEqual([4, 5, 6, 7, 8].map((index) => line(index).text));
    expect(read('events.ndjson')).toBe(`${line(8).text}\n`);
  });

  it('puts a file aside when it is old enough, also after a restart', async () => {
    let nowMs = Date.now();
    const first = fileSink({ maxAgeSeconds: 60, nowMs: () => nowMs });
    first.sink.append(line(0));
    await first.reaches('written', 1);
    await first.sink.stop(1_000);
    nowMs += 59_000;
    const second = fileSink({ maxAgeSeconds: 60, nowMs: () => nowMs });
    second.sink.append(line(1));
    await second.reaches('written', 1);
    expect(files()).toEqual(['events.ndjson']);
    nowMs += 2_000;
    second.sink.append(line(2));
    await second.reaches('written', 2);
    await second.sink.stop(1_000);
    expect(files()).toHaveLength(2);
    expect(read('events.ndjson')).toBe(`${line(2).text}\n`);
  });

  it('begins a new line after half of one', async () => {
    writeFileSync(join(folder, 'events.ndjson'), '{"half');
    const { sink } = fileSink();
    sink.append(line(0));
    await sink.stop(1_000);
    expect(read('events.ndjson')).toBe(`{"half\n${line(0).text}\n`);
  });

  it('waits for a disk that takes nothing, drops and counts what there is no room for', async () => {
    const told = counted();
    // Linux has a device that is always full.
    const sink = createFileSink({
      ...{ path: '/dev/full', maxBytes: 1_000_000, maxAgeSeconds: 86_400, keepFiles: 2, retryMs: 5 },
      ...{ telemetry: told.telemetry, maxWaitingBytes: 100 },
    });
    write(sink, 0, 20);
    await told.until(() => (told.counts['failed disk'] ?? 0) >= 2);
    write(sink, 20, 40);
    expect(told.counts['dropped disk'] ?? 0).toBeGreaterThan(10);
    expect(told.counts['written']).toBeUndefined();
    expect(told.problems).toEqual(['the disk takes nothing: ENOSPC']);
    await sink.stop(0);
    // What waited is given up, and is counted like the rest.
    await told.until(() => (told.counts['dropped disk'] ?? 0) + (told.counts['dropped queue_full'] ?? 0) === 40);
  });
});

describe('stdout sink', () => {
  it('writes lines, and drops them while nobody reads', () => {
    const { telemetry, counts } = counted();
    const stream = { text: '', writableLength: 0, write: (text: string) => void (stream.text += text) };
    const sink = createStdoutSink(telemetry, stream);
    sink.append(line(0));
    stream.writableLength = 9_000_000;
    sink.append(line(1));
    expect(stream.text).toBe(`${line(0).text}\n`);
    expect(counts).toEqual({ written: 1, 'dropped backpressure': 1 });
  });
});
