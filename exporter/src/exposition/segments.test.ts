import { spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { createExpositionStore } from './segments';
import type { Body, Format } from './store';

const families = [
  { name: 'a_info', type: 'gauge', help: 'Says "a"\nand \\.' },
  { name: 'b_total', type: 'counter', help: 'B.' },
] as const;

const create = () => createExpositionStore([{ name: 'things', families }]);
const text = (store: ReturnType<typeof create>, format: Format = 'prometheus') => store.view(format).text();
const bytes = ({ buffers }: Body) => Buffer.concat([...buffers]);
const TAIL = Buffer.from('own_metric 1\n');
const lineOf = (key: string, value: number | string = 1) => `a_info{n="${key}"} ${value}\n`;
/** The lines of `a_info`, in any order: a slot says nothing of when its object came. */
const linesOf = (whole: string) => whole.split('\n').filter((line) => line.startsWith('a_info'));

describe('exposition store', () => {
  it('writes each family once, its lines together, with the header of the format', async () => {
    const store = create();
    store.set('things', 'x', ['a_info{n="x"} 1\n', 'b_total{n="x"} 5\n']);
    store.set('things', 'y', ['a_info{n="y"} 1\n', '']);
    expect(text(store)).toBe(
      '# HELP a_info Says "a"\\nand \\\\.\n# TYPE a_info gauge\na_info{n="x"} 1\na_info{n="y"} 1\n' +
        '# HELP b_total B.\n# TYPE b_total counter\nb_total{n="x"} 5\n'
    );
    expect(text(store, 'openmetrics')).toBe(
      '# HELP a_info Says \\"a\\"\\nand \\\\.\n# TYPE a_info gauge\na_info{n="x"} 1\na_info{n="y"} 1\n' +
        '# HELP b B.\n# TYPE b counter\nb_total{n="x"} 5\n'
    );
    const body = await store.view('prometheus').plain(TAIL);
    expect(bytes(body).toString()).toBe(`${text(store)}own_metric 1\n`);
    expect(body).toMatchObject({ series: 3, bytes: bytes(body).length, textBytes: bytes(body).length });
  });

  it('leaves out a family without samples, and an object that is gone', () => {
    const store = create();
    store.set('things', 'x', ['a_info{n="x"} 1\n', 'b_total{n="x"} 5\n']);
    store.set('things', 'x', ['a_info{n="x"} 1\n', '']);
    expect(text(store)).not.toContain('b_total');
    store.delete('things', 'x');
    store.delete('things', 'never there');
    expect(text(store)).toBe('');
  });

  it('keeps labels in any script, as they shrink, grow and stay', () => {
    const store = create();
    for (const name of ['Kraków', 'モデル', '🙂', 'plain', 'é', 'Ã©', 'é']) {
      store.set('things', 'x', [lineOf(name), '']);
      store.set('things', `beside ${name}`, [lineOf(`${name}!`), '']);
      expect(linesOf(text(store))).toContain(lineOf(name).trimEnd());
    }
    expect(linesOf(text(store))).toHaveLength(7);
  });

  it('holds texts beyond 64 kB in one segment', () => {
    const store = create();
    const long = Array.from({ length: 3_000 }, (_, index) => lineOf(`long name ${index}`)).join('');
    for (const key of ['x', 'y', 'z']) store.set('things', key, [long, '']);
    store.set('things', 'y', [lineOf('short'), '']);
    expect(linesOf(text(store))).toHaveLength(6_001);
    expect(text(store)).toContain(`${long}${lineOf('short')}${long}`);
  });

  it('refuses what it does not know, by name', () => {
    expect(() => create().set('nothing', 'x', [])).toThrow('no group nothing: expected one of things');
    expect(() => create().set('things', 'x', ['one'])).toThrow('object x: expected 2 texts, got 1');
  });
});

/** 400 objects, so four segments, of which the last is not full. */
function filled() {
  const store = create();
  for (let n = 0; n < 400; n++)
    store.set('things', `k${n}`, [lineOf(`k${n}`), `b_total{n="k${n}"} ${n}\n`], `ns${n % 4}`);
  return store;
}

describe('a view', () => {
  it.each(['before it is read', 'after it was read'])('stays as it was in every family, changed %s', async (when) => {
    const store = filled();
    const before = text(store);
    store.set('things', 'k7', [lineOf('k7', 2), 'b_total{n="k7"} 8\n']);
    const view = store.view('prometheus');
    const seen = before.replace(lineOf('k7'), lineOf('k7', 2)).replace('b_total{n="k7"} 7\n', 'b_total{n="k7"} 8\n');
    if (when === 'after it was read') expect(view.text()).toBe(seen);
    store.set('things', 'k7', [lineOf('k7', 3), 'b_total{n="k7"} 9\n']);
    store.set('things', 'new', [lineOf('new'), 'b_total{n="new"} 1\n']);
    for (let n = 100; n < 400; n++) store.delete('things', `k${n}`);
    await store.settle();
    expect(view.text()).toBe(seen);
    expect(gunzipSync(bytes(await view.gzip(Buffer.alloc(0)))).toString()).toBe(seen);
    expect(text(store)).toContain(lineOf('k7', 3));
  });

  it('shares its bytes with every other that is taken of the same state', async () => {
    const store = filled();
    const [one, other] = [store.view('prometheus'), store.view('openmetrics')];
    const bodies = await Promise.all([one.gzip(TAIL), other.gzip(TAIL), one.plain(TAIL), other.plain(TAIL)]);
    const shared = (left?: Body, right?: Body) => left?.buffers.filter((buffer) => right?.buffers.includes(buffer));
    // Two families of four segments; besides them the member's first and last bytes, and the tail.
    expect(shared(bodies[0], bodies[1])).toHaveLength(8 + 2);
    expect(shared(bodies[2], bodies[3])).toHaveLength(8 + 1);
    // And the headers of two families in two formats.
    expect(store.figures().compressed).toBe(8 + 4);
  });

  it('takes only the namespaces and families that are asked for', async () => {
    const store = filled();
    for (let n = 0; n < 128; n++) store.set('things', `w${n}`, [lineOf(`w${n}`), ''], 'whole');
    store.set('things', 'fleet', [lineOf('fleet'), '']);
    const some = store.view('prometheus', { namespaces: new Set(['ns1', 'whole']), families: new Set(['a_info']) });
    const names = linesOf(some.text()).map((line) => line.slice(10, -4));
    const expected = Array.from({ length: 400 }, (_, n) => `k${n}`).filter((_, n) => n % 4 === 1);
    expect(names.sort()).toEqual([...expected, ...Array.from({ length: 128 }, (_, n) => `w${n}`)].sort());
    expect(some.text()).not.toContain('b_total');
    const body = await some.gzip(TAIL);
    expect(gunzipSync(bytes(body)).toString()).toBe(`${some.text()}${TAIL.toString()}`);
    expect(body.series).toBe(228);
    expect(linesOf(store.view('prometheus', { namespaces: new Set(['']) }).text())).toEqual([
      lineOf('fleet').trimEnd(),
    ]);
    expect(store.view('prometheus', { namespaces: new Set(['none']) }).text()).toBe('');
  });
});

describe('gzip', () => {
  it('is one member that every program reads whole', async () => {
    const store = filled();
    const plain = bytes(await store.view('prometheus').plain(TAIL));
    const packed = bytes(await store.view('prometheus').gzip(TAIL));
    expect(gunzipSync(packed)).toEqual(plain);
    // Node reads several members as if they were one; the text behind a second header would be lost to curl.
    expect(packed.indexOf(Buffer.from([0x1f, 0x8b, 8, 0]), 1)).toBe(-1);
    expect(spawnSync('gzip', ['-t'], { input: packed }).status).toBe(0);
    expect(spawnSync('gzip', ['-dc'], { input: packed }).stdout).toEqual(plain);
  });

  it('compresses again what changed, and nothing else', async () => {
    const store = filled();
    const body = await store.view('prometheus').gzip(TAIL);
    const { compressed } = store.figures();
    store.set('things', 'k7', [lineOf('k7'), 'b_total{n="k7"} 7\n'], 'ns3');
    await store.view('prometheus').gzip(TAIL);
    expect(store.figures().compressed).toBe(compressed);
    store.set('things', 'k7', [lineOf('k7'), 'b_total{n="k7"} 8\n'], 'ns3');
    const again = await store.view('prometheus').gzip(TAIL);
    expect(store.figures().compressed).toBe(compressed + 1);
    expect(again.buffers.filter((buffer) => !body.buffers.includes(buffer)).length).toBeLessThan(6);
    expect(gunzipSync(bytes(again)).toString()).toContain('b_total{n="k7"} 8\n');
  });

  it('is empty but valid without anything to say', async () => {
    expect(gunzipSync(bytes(await create().view('prometheus').gzip(Buffer.alloc(0))))).toHaveLength(0);
  });
});

describe('churn', () => {
  it('leaves exactly the live objects', () => {
    const store = create();
    const live = new Map<string, string>();
    for (let round = 0; round < 3_000; round++) {
      const key = `k${(round * 7919) % 700}`;
      if (round % 3 === 2) {
        store.delete('things', key);
        live.delete(key);
      } else {
        const line = `a_info{n="${key}",r="${round}"} 1\n`;
        store.set('things', key, [line, '']);
        live.set(key, line);
      }
    }
    expect(linesOf(text(store)).sort()).toEqual([...live.values()].map((line) => line.trimEnd()).sort());
  });

  it('of forty times the live objects leaves no memory behind', async () => {
    const store = create();
    for (let n = 0; n < 20_000; n++) {
      store.set('things', `k${n}`, [lineOf(`k${n}`), '']);
      if (n >= 500) store.delete('things', `k${n - 500}`);
    }
    await store.settle();
    const { segments, textBytes } = store.figures();
    expect(segments).toBeLessThanOrEqual(6);
    expect(textBytes).toBe(500 * lineOf('k19999').length);
  });

  it('merges segments that were left nearly empty, and loses nobody', async () => {
    const store = create();
    for (let n = 0; n < 12_800; n++) store.set('things', `k${n}`, [lineOf(`k${n}`), ''], n % 128 === 3 ? 'kept' : '');
    for (let n = 0; n < 12_800; n++) if (n % 128 !== 3) store.delete('things', `k${n}`);
    const during = store.view('prometheus');
    await store.settle();
    expect(store.figures().segments).toBeLessThanOrEqual(4);
    const kept = Array.from({ length: 100 }, (_, n) => lineOf(`k${n * 128 + 3}`).trimEnd()).sort();
    expect(linesOf(text(store)).sort()).toEqual(kept);
    expect(linesOf(during.text()).sort()).toEqual(kept);
    expect(linesOf(store.view('prometheus', { namespaces: new Set(['kept']) }).text())).toHaveLength(100);
    store.set('things', 'k3', [lineOf('k3', 2), ''], 'kept');
    for (let n = 1; n < 100; n++) store.delete('things', `k${n * 128 + 3}`);
    expect(linesOf(text(store))).toEqual([lineOf('k3', 2).trimEnd()]);
  });
});
