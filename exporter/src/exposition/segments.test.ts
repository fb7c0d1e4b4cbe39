import { createExpositionStore } from './segments';

const families = [
  { name: 'a_info', type: 'gauge', help: 'Says "a"\nand \\.' },
  { name: 'b_total', type: 'counter', help: 'B.' },
] as const;

const create = () => createExpositionStore([{ name: 'things', families }]);
const text = (store: ReturnType<typeof create>, format: 'prometheus' | 'openmetrics' = 'prometheus') =>
  Buffer.concat([...store.view(format).chunks]).toString();

describe('exposition store', () => {
  it('writes each family once, its lines together, with the header of the format', () => {
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
    expect(store.view('prometheus').series).toBe(3);
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

  it('keeps a view as it was while the store changes', () => {
    const store = create();
    store.set('things', 'x', ['a_info{n="x"} 1\n', '']);
    const before = store.view('prometheus');
    store.set('things', 'x', ['a_info{n="changed"} 1\n', '']);
    store.delete('things', 'x');
    expect(Buffer.concat([...before.chunks]).toString()).toContain('a_info{n="x"} 1');
  });

  it('holds exactly the live objects through churn over many segments', () => {
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
    const lines = text(store)
      .split('\n')
      .filter((line) => line.startsWith('a_info'));
    expect(lines.sort()).toEqual([...live.values()].map((line) => line.trimEnd()).sort());
    expect(store.view('prometheus').series).toBe(live.size);
  });

  it('refuses what it does not know, by name', () => {
    expect(() => create().set('nothing', 'x', [])).toThrow('no group nothing: expected one of things');
    expect(() => create().set('things', 'x', ['one'])).toThrow('object x: expected 2 texts, got 1');
  });
});
