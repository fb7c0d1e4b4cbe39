import { numericFeature, referenceOf } from '../testing/references';
import { DEFAULT_SETTINGS } from './monitored';
import { misaimed, monitoredModels, monitoringOf, type MonitoringInput, type ReferenceEntry } from './monitoring-book';
import { effectiveSettings, thresholdsOf } from './settings';

const input = (change: Partial<MonitoringInput>): MonitoringInput => ({
  references: [],
  defaults: [],
  settings: [],
  seriesPerModel: 2_000,
  joins: true,
  problems: [],
  ...change,
});
const entry = (change: Partial<ReferenceEntry> & { reference?: Parameters<typeof referenceOf>[0] } = {}) => {
  const { reference, ...rest } = change;
  return {
    source: 'files',
    place: 'file a.json',
    loaded: { reference: referenceOf(reference), atSeconds: 7 },
    ...rest,
  } as const;
};
const owner = (given: object) =>
  ({ source: 'configmaps', origin: 'configmap shop/risk', namespace: 'shop', model: 'risk', given }) as const;

describe('settings', () => {
  it('are those of the last layer that has them, each with where it came from', () => {
    const { settings, origins } = effectiveSettings([
      { origin: 'config', given: { window: '1h', minimumRows: 500 } },
      { origin: 'configmap shop/risk', given: { minimumRows: 900, starred: ['amount'], window: undefined } },
    ]);
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, window: '1h', minimumRows: 900, starred: ['amount'] });
    expect(origins).toMatchObject({
      method: 'default',
      window: 'config',
      minimumRows: 'configmap shop/risk',
      starred: 'configmap shop/risk',
    });
    expect(origins).not.toHaveProperty('tracked');
  });

  it('keep no thresholds of one method for another', () => {
    const js = { method: 'js', thresholds: { warning: 0.05, critical: 0.1 } } as const;
    const features = { featureThresholds: { amount: { warning: 0.2, critical: 0.3 } } };
    const { settings, origins } = effectiveSettings([
      { origin: 'a', given: { ...js, ...features } },
      { origin: 'b', given: { method: 'psi' } },
    ]);
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(origins).toMatchObject({ method: 'b', thresholds: 'default', featureThresholds: 'default' });
  });
});

it('take thresholds of a feature by its name, whatever it is called', () => {
  const own = { warning: 1, critical: 2 };
  const settings = { ...DEFAULT_SETTINGS, featureThresholds: { amount: own } };
  expect(thresholdsOf(settings, 'amount')).toBe(own);
  for (const name of ['constructor', '__proto__', undefined])
    expect(thresholdsOf(settings, name)).toBe(settings.thresholds);
});

describe('what is watched', () => {
  it('is each model that has a reference or settings', () => {
    const told = monitoringOf(
      input({
        references: [entry(), entry({ model: 'other', version: '*' }), entry({ version: 'v2' })],
        settings: [owner({ minimumRows: 5 }), { ...owner({}), model: 'bare' }],
      })
    );
    expect(told.problems).toEqual([]);
    const models = monitoredModels(told);
    expect(models.map(({ model, references }) => [model, references.map(({ version }) => version)])).toEqual([
      ['risk', [undefined, 'v2']],
      ['other', [undefined]],
      ['bare', []],
    ]);
    expect(models[0]).toMatchObject({ namespace: 'shop', settings: { minimumRows: 5 } });
  });

  it('has one reference for a version: the first, and the other is told', () => {
    const told = monitoringOf(input({ references: [entry(), entry({ place: 'file b.json' })] }));
    expect(told.references.map(({ inForce }) => inForce)).toEqual([true, false]);
    expect(told.problems).toEqual([
      {
        source: 'files',
        place: 'file b.json',
        namespace: 'shop',
        model: 'risk',
        text: 'expected one reference for shop/risk, got another beside file a.json',
      },
    ]);
    expect(monitoredModels(told)[0]?.references).toHaveLength(1);
  });

  it('keeps what was good while what came after it is refused', () => {
    const told = monitoringOf(input({ references: [entry({ problem: 'expected JSON' })] }));
    expect(told.references[0]).toMatchObject({ inForce: true, problem: 'expected JSON' });
    expect(told.models.get('shop/risk')?.problems.map(({ text }) => text)).toEqual(['expected JSON']);
  });

  it('names features that no reference has, with whoever named them', () => {
    const settings = owner({
      tracked: ['amount', 'amuont'],
      featureThresholds: { nobody: { warning: 1, critical: 2 } },
      showCategories: ['city'],
      segments: [{ column: 'channel' }, { column: 'plan', values: ['free'] }],
    });
    const { problems } = monitoringOf(input({ references: [entry()], settings: [settings] }));
    expect(problems.map(({ source, place, text }) => [source, place, text])).toEqual([
      ['configmaps', 'configmap shop/risk', 'tracked: expected features of the reference, got "amuont"'],
      ['configmaps', 'configmap shop/risk', 'featureThresholds: expected features of the reference, got "nobody"'],
      ['configmaps', 'configmap shop/risk', 'showCategories: expected features of the reference, got "city"'],
      ['configmaps', 'configmap shop/risk', 'segments: expected a segment of the reference, or values, got "channel"'],
    ]);
    expect(monitoringOf(input({ settings: [settings] })).problems).toEqual([]);
  });

  it('says what costs more series than a model may have, unless less is tracked', () => {
    const features = Array.from({ length: 150 }, (_, index) => numericFeature(`f${index}`, Array(10).fill(10)));
    const references = [entry({ reference: { features } })];
    expect(monitoringOf(input({ references })).problems.map(({ text }) => text)).toEqual([
      'expected at most 2,000 series, one for each bin, got 2,100: the last features are not counted; watch fewer, make fewer bins or categories, or raise events.maxSeriesPerModel',
    ]);
    const less = [owner({ excluded: ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8'] })];
    expect(monitoringOf(input({ references, settings: less })).problems).toEqual([]);
  });
});

describe('a document', () => {
  const bare = referenceOf({ namespace: undefined, model: undefined } as never);

  it('is for the model that it names, or that the configuration names', () => {
    expect(misaimed(referenceOf(), {})).toBeUndefined();
    expect(misaimed(bare, { namespace: 'shop', model: 'risk' })).toBeUndefined();
    expect(misaimed(bare, {})).toMatch(/^namespace and model: expected what the reference is for, got nothing/);
  });

  it('of a ConfigMap speaks for its namespace alone', () => {
    expect(misaimed(referenceOf(), { boundTo: 'shop' })).toBeUndefined();
    expect(misaimed(referenceOf({ namespace: 'bank' }), { boundTo: 'shop' })).toMatch(
      /^namespace: expected shop, .*"bank"$/
    );
    expect(misaimed(bare, { boundTo: 'shop' })).toMatch(/^model: expected/);
  });
});
