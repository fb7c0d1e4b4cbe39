import { html, markdown } from './render';
import { clustersOf, reportOn, type Prometheus } from './report';

const TO = 1_800_000_000;
const DAY = 86_400;
const PERIOD = { namespace: 'shop', model: 'fraud', fromSeconds: TO - DAY, toSeconds: TO };
const NO_READER: Prometheus = {
  answer: () => Promise.resolve({ samples: [], warnings: [] }),
  samples: () => Promise.resolve([]),
};

/** By the series that is asked about; the first that a query names. */
function reading(answers: Record<string, { labels?: Record<string, string>; value: number }[]>): Prometheus {
  return {
    ...NO_READER,
    answer: (promql) => {
      const series = Object.keys(answers).find((name) => promql.includes(`${name}{`));
      const samples = series === undefined ? [] : (answers[series] ?? []);
      return Promise.resolve({ samples: samples.map(({ labels = {}, value }) => ({ labels, value })), warnings: [] });
    },
  };
}

const sectionOf = async (title: string, reader: Prometheus, lines?: string[]) => {
  const { sections } = await reportOn(PERIOD, reader, lines, TO);
  const found = sections.find((section) => section.title === title);
  if (!found) throw new Error(`no section ${title}`);
  return found;
};

describe('report', () => {
  it('says of each part that it is missing, where nothing was recorded', async () => {
    const report = await reportOn(PERIOD, NO_READER, undefined, TO);
    expect(report.sections.map(({ title, rows, missing }) => [title, rows.length, missing !== undefined])).toEqual(
      ['Health', 'Objectives', 'Alerts', 'Drift', 'Accuracy', 'Versions', 'Coverage of data', 'Automated actions'].map(
        (title) => [title, 0, true]
      )
    );
    for (const text of [markdown(report), html(report)]) {
      expect(text).toContain('No health was recorded');
      expect(text).not.toMatch(/100 %|undefined|NaN/);
    }
  });

  it('says what cannot be read, and goes on', async () => {
    const reader = { ...NO_READER, samples: () => Promise.reject(new Error('HTTP status 503')) };
    expect((await sectionOf('Drift', reader)).missing).toBe('Not read: HTTP status 503');
    expect((await sectionOf('Accuracy', reader)).missing).toContain('No score');
  });

  it('gives shares of the time that is recorded, and says how much is not', async () => {
    // A day has 1,440 minutes.
    const reader = reading({
      'modelwatch:model_health': [
        { labels: { health: 'healthy' }, value: 1_000 },
        { labels: { health: 'failed' }, value: 80 },
      ],
    });
    const { rows, missing } = await sectionOf('Health', reader);
    expect(rows).toEqual([
      ['healthy', '92.6 %'],
      ['failed', '7.4 %'],
    ]);
    expect(missing).toBe('Nothing is recorded for 25 % of the period; shares are of the rest.');
  });

  it('judges objectives by the events of the period, and does not where there are too few', async () => {
    const of = (slo: string, value: number) => ({ labels: { slo, window: '30d' }, value });
    const reader = reading({
      'modelwatch:slo_objective_ratio': [of('answered', 0.99), of('late', 0.99), of('few', 0.999), of('none', 0.99)],
      'modelwatch:slo_events_coarse_rate': [of('answered', 1), of('late', 1), of('few', 0.001)],
      'modelwatch:slo_bad_events_coarse_rate': [of('answered', 0.0025), of('late', 0.02), of('few', 0)],
      // Of the minutes of a day.
      'modelwatch:slo_events_rate': [of('answered', 1_440), of('late', 720), of('few', 1_440)],
      'modelwatch:slo_budget_left_ratio': [of('answered', 0.5)],
      'modelwatch:slo_info': [of('answered', 1)],
    });
    const { rows } = await sectionOf('Objectives', reader);
    expect(rows).toEqual([
      ['answered', '99 %', '99.75 %', 'yes', '25 %', '86400', '50 % of 30d'],
      ['late', '99 %', '98 %', 'no', '200 %', '43200', 'missing'],
      ['few', '99.9 %', '100 %', 'too little data', '0 %', '86', 'missing'],
      ['none', '99 %', 'missing: no events', 'missing', 'missing', '0', 'missing'],
    ]);
  });

  it('says of how much of the period an objective is judged, and that nothing fired', async () => {
    const of = (slo: string, value: number) => ({ labels: { slo }, value });
    const judged = {
      'modelwatch:slo_objective_ratio': [of('answered', 0.99), of('fast', 0.9)],
      'modelwatch:slo_events_coarse_rate': [of('answered', 100), of('fast', 100)],
      'modelwatch:slo_bad_events_coarse_rate': [of('answered', 0), of('fast', 0)],
      'modelwatch:slo_events_rate': [of('answered', 144), of('fast', 1_440)],
      'modelwatch:model_health': [{ labels: { health: 'healthy' }, value: 144 }],
    };
    expect((await sectionOf('Objectives', reading(judged))).missing).toBe(
      'Nothing is counted for a part of the period, and what is said is of the rest: answered 90 %.'
    );
    expect((await sectionOf('Alerts', reading(judged))).missing).toBe(
      'No alert of this model was recorded as firing. No rule judged this model for 90 % of the period.'
    );
    expect((await sectionOf('Alerts', NO_READER)).missing).toBe('Not known: no rule judged this model in the period.');
  });

  it('does not call drift judged where there was no verdict', async () => {
    const silent = {
      labels: { __name__: 'modelwatch:drift_state', namespace: 'shop', model: 'fraud', state: 'too_little_data' },
      samples: [{ atSeconds: TO - 60, value: 1 }],
    };
    const reader = { ...NO_READER, samples: () => Promise.resolve([silent]) };
    expect((await sectionOf('Drift', reader)).missing).toBe(
      'No verdict on drift was recorded: there were too little data, or none that were fresh.'
    );
  });

  it('says what Prometheus warns of, and which clusters have the model', async () => {
    const samples = ['b', 'a'].map((cluster) => ({ labels: { cluster }, value: 1 }));
    const prometheus = { ...NO_READER, answer: () => Promise.resolve({ samples, warnings: ['a store is away'] }) };
    const { facts } = await reportOn(PERIOD, prometheus, undefined, TO);
    expect(facts.slice(2)).toEqual(['Prometheus warned, so that a part may be missing: a store is away']);
    expect(await clustersOf(prometheus, PERIOD)).toEqual(['a', 'b']);
  });

  it('tells when drift began and ended, over the days of the period', async () => {
    const labels = {
      namespace: 'shop',
      model: 'fraud',
      subject: 'feature',
      feature: 'age',
      method: 'psi',
      window: '1d',
    };
    const sample = (state: string, ...hours: number[]) => ({
      labels: { __name__: 'modelwatch:drift_state', ...labels, state },
      samples: hours.map((hour) => ({ atSeconds: TO - DAY + hour * 3_600, value: 1 })),
    });
    const asked: number[] = [];
    const reader: Prometheus = {
      ...NO_READER,
      samples: (_, at) => {
        asked.push(at);
        return Promise.resolve(at === TO ? [sample('ok', 1, 2, 8, 9), sample('critical', 3, 4, 20)] : []);
      },
    };
    const { sections } = await reportOn({ ...PERIOD, fromSeconds: TO - 2.5 * DAY }, reader, undefined, TO);
    const drift = sections.find(({ title }) => title === 'Drift');
    expect(asked).toEqual([TO, TO - DAY, TO - 2 * DAY]);
    expect(drift?.rows).toEqual([
      ['2027-01-15 04:00 UTC', 'age', 'critical', 'not in the period'],
      ['2027-01-14 11:00 UTC', 'age', 'critical', '2027-01-14 16:00 UTC'],
    ]);
  });

  it('takes automated actions of the model and the period from the event log, and counts lines that are none', async () => {
    const line = (model: string, seconds: number, kind = 'response') =>
      JSON.stringify({
        '@timestamp': new Date(seconds * 1_000).toISOString(),
        message: `scaled <b>${model}</b>`,
        event: { action: 'scale', outcome: 'success' },
        modelwatch: { kind, namespace: 'shop', model },
      });
    const lines = [
      line('fraud', TO - 60),
      line('churn', TO - 60),
      line('fraud', TO + 60),
      line('fraud', TO - 5, 'health'),
    ];
    const { rows, missing } = await sectionOf('Automated actions', NO_READER, [...lines, '{"half']);
    expect(rows).toEqual([['2027-01-15 07:59 UTC', 'scale', 'success', 'scaled <b>fraud</b>']]);
    expect(missing).toBe('1 lines (20 %) could not be read.');
    const month = await reportOn({ ...PERIOD, fromSeconds: TO - 30 * DAY }, NO_READER, [line('churn', TO - DAY)], TO);
    expect(month.sections.at(-1)?.missing).toBe(
      'The event log has none in this period. Its files begin 2027-01-14 08:00 UTC.'
    );
    const page = html(await reportOn(PERIOD, NO_READER, lines, TO));
    expect(page).toContain('scaled &lt;b&gt;fraud&lt;/b&gt;');
    expect(markdown(await reportOn(PERIOD, NO_READER, lines, TO))).toContain('scaled \\<b\\>fraud\\</b\\>');
  });
});
