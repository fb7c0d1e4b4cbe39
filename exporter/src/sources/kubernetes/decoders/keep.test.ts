import { Fields } from './fields';
import { keepOf, metricLabels } from './keep';

const drops: string[] = [];
const shown = (options: Parameters<typeof keepOf>[0], metadata: Record<string, unknown>) =>
  keepOf(options).shown(
    Fields.of(metadata, 'Model shop/a', (reason, detail) => void drops.push(`${reason} ${detail}`))
  );

beforeEach(() => void drops.splice(0));

describe('labels and annotations that are shown', () => {
  const metadata = {
    labels: { team: 'search', tier: 'gold', 'app.kubernetes.io/name': 'ranker', 'app.kubernetes.io/part-of': 'shop' },
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'example.com/cost-center': '4711' },
  };

  it.each<[string, Parameters<typeof keepOf>[0], unknown]>([
    ['none unless asked for', {}, undefined],
    ['one by its name', { labels: ['team'] }, { labels: { label_team: 'search' } }],
    [
      'those that begin so',
      { labels: ['app.kubernetes.io/*'] },
      { labels: { label_app_kubernetes_io_name: 'ranker', label_app_kubernetes_io_part_of: 'shop' } },
    ],
    [
      'all, but never a copy of the object',
      { annotations: ['*'] },
      { annotations: { annotation_example_com_cost_center: '4711' } },
    ],
    ['nothing where the object has none of it', { labels: ['squad'] }, undefined],
  ])('are %s', (_, options, expected) => {
    expect(shown(options, metadata)).toEqual(expected);
    expect(drops).toEqual([]);
  });

  it('are cut to 256 characters, whole ones', () => {
    const long = shown({ labels: ['a', 'b'] }, { labels: { a: 'x'.repeat(256), b: '\u{1F600}'.repeat(300) } });
    expect(long?.labels?.['label_a']).toBe('x'.repeat(256));
    expect(long?.labels?.['label_b']).toBe(`${'\u{1F600}'.repeat(255)}…`);
  });

  it('are 32 at most, the first by name; more are counted', () => {
    const labels = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n${String(i + 10)}`, 'v']));
    const found = Object.keys(shown({ labels: ['*'] }, { labels })?.labels ?? {});
    expect([found.length, found[0], found[31]]).toEqual([32, 'label_n10', 'label_n41']);
    expect(drops).toEqual(['over_limit Model shop/a labels: expected at most 32 that are shown, got 40']);
  });

  it('that are no text are counted, and the others shown', () => {
    expect(shown({ labels: ['*'] }, { labels: { a: 5, b: 'x' } })).toEqual({ labels: { label_b: 'x' } });
    expect(drops).toEqual(['wrong_type Model shop/a labels.a: expected a string, got 5']);
  });
});

describe('names that become one', () => {
  it('get numbers in their order, all of them, in whatever order they came', () => {
    const expected = { label_a_b_conflict1: 'dash', label_a_b_conflict2: 'dot', label_c: 'c' };
    expect(metricLabels({ 'a.b': 'dot', c: 'c', 'a-b': 'dash' }, 'label_')).toEqual(expected);
    expect(metricLabels({ 'a-b': 'dash', 'a.b': 'dot', c: 'c' }, 'label_')).toEqual(expected);
  });

  it('never take the place of one that is called so', () => {
    expect(metricLabels({ 'a-b': '1', 'a.b': '2', a_b_conflict1: 'own' }, 'label_')).toEqual({
      label_a_b_conflict1: 'own',
      label_a_b_conflict2: '1',
      label_a_b_conflict3: '2',
    });
  });
});

describe('what is kept for the code', () => {
  it('are its own keys and those of the configuration', () => {
    const { read } = keepOf({ ownerKeys: ['squad'], podLabels: ['ray.io/cluster'] });
    const names = ['app', 'app.kubernetes.io/name', 'modelwatch.io/importance', 'squad', 'ray.io/cluster'];
    expect(names.filter((name) => !read(name))).toEqual([]);
    expect(['owner', 'apple', 'ray.io/clusters'].filter(read)).toEqual([]);
  });
});
