/** What the panels of coverage ask, of real counters: which models are listed, and what is an empty chart and not a figure. */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { stringify } from 'yaml';
import { FLEET_PANELS } from '../../exporter/src/rules';
import { readDashboard, type DashboardPanel } from '../support/expressions';
import { runOnFiles } from '../support/promtool';

const STATE = RECORDED.modelCoverage.name;

function panelOf(path: string, is: (panel: DashboardPanel) => boolean): DashboardPanel {
  const panel = readDashboard(path).panels.find(is);
  if (!panel) throw new Error(`${path} has no such panel`);
  return panel;
}

const titled = (dashboard: string, title: string) =>
  panelOf(`grafana/dashboards/${dashboard}.json`, (panel) => panel.title === title);

/** The queries of a panel for the model ns/m of any cluster. */
function exprsOf({ targets }: DashboardPanel): string[] {
  return targets.map(({ expr = '' }) =>
    expr
      .replaceAll(/=~"\$\w+"/g, '=~".*"')
      .replaceAll('"$namespace"', '"ns"')
      .replaceAll('"$model"', '"m"')
      .replaceAll('$__rate_interval', '5m')
  );
}

interface Asked {
  readonly expr: string | undefined;
  readonly answer: Readonly<Record<string, number>>;
}

function expectAnswers(input: Readonly<Record<string, string>>, asked: readonly Asked[]): void {
  const input_series = Object.entries(input).map(([series, values]) => ({ series, values }));
  const promql_expr_test = asked.map(({ expr, answer }) => ({
    expr,
    eval_time: '60m',
    exp_samples: Object.entries(answer).map(([labels, value]) => ({ labels, value })),
  }));
  const tests = { evaluation_interval: '1m', tests: [{ interval: '1m', input_series, promql_expr_test }] };
  const { ok, output } = runOnFiles('promtool', ['test', 'rules', 'tests.yml'], { 'tests.yml': stringify(tests) });
  expect(output).not.toContain('FAILED');
  expect(ok).toBe(true);
}

interface Mapped {
  readonly fieldConfig: {
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

describe('the fleet', () => {
  const panel = panelOf('grafana/dashboards/fleet.json', ({ id }) => id === FLEET_PANELS.coverage);
  const [expr] = exprsOf(panel);

  it('lists the models whose coverage is not complete, by a number that rises with what is wrong', () => {
    const states = ['partial', 'no_reference', 'no_events', 'too_little_data', 'complete'];
    const input = Object.fromEntries(
      states.map((state) => [`${STATE}{namespace="ns", model="${state}", state="${state}"}`, '1x60'])
    );
    const answer = {
      '{namespace="ns", model="partial"}': 4,
      '{namespace="ns", model="no_reference"}': 3,
      '{namespace="ns", model="no_events"}': 2,
      '{namespace="ns", model="too_little_data"}': 1,
    };
    expectAnswers(input, [{ expr, answer }]);
  });

  it('says the numbers in words, and leads to the model where our plugins are', () => {
    const { overrides } = (panel as unknown as Mapped).fieldConfig;
    const of = (name: string) => JSON.stringify(overrides.find(({ matcher }) => matcher.options === name));
    expect(of('Coverage')).toContain('"4":{"text":"partial"');
    expect(of('Coverage')).toContain('"2":{"text":"no events"');
    expect(of('model')).toContain('/d/modelwatch-model?var-cluster=${__data.fields.cluster}');
    const core = panelOf('grafana/importable/fleet.json', ({ id }) => id === FLEET_PANELS.coverage);
    expect(JSON.stringify(core)).not.toContain('/d/');
  });
});

describe.each(['model', 'drift'])('the row of %s', (dashboard) => {
  const of = 'namespace="ns", model="m"';

  it('adds up what two exporters counted', () => {
    const input = {
      [`${METRICS.predictions.name}{${of}, version="1", instance="a"}`]: '0+60x60',
      [`${METRICS.predictions.name}{${of}, version="1", instance="b"}`]: '0+120x60',
      [`${METRICS.predictionsRepresented.name}{${of}, instance="a"}`]: '0+600x60',
      [`${METRICS.predictionsRepresented.name}{${of}, instance="b"}`]: '0+120x60',
      [`${METRICS.eventsDropped.name}{${of}, reason="malformed", instance="a"}`]: '0+60x60',
    };
    const [counted, dropped] = exprsOf(titled(dashboard, 'Rows by what became of them'));
    const [sample] = exprsOf(titled(dashboard, 'Share of the predictions that is sent'));
    expectAnswers(input, [
      { expr: counted, answer: { '{}': 3 } },
      { expr: dropped, answer: { '{reason="malformed"}': 1 } },
      { expr: sample, answer: { '{}': 0.25 } },
    ]);
  });

  it('has no delay, and no sample, where nothing came', () => {
    const bucket = (le: string) => `${METRICS.eventLag.name}_bucket{${of}, le="${le}"}`;
    const [p95, p50] = exprsOf(titled(dashboard, 'Delay of events'));
    const [sample] = exprsOf(titled(dashboard, 'Share of the predictions that is sent'));
    const still = {
      [bucket('1')]: '5x60',
      [bucket('+Inf')]: '5x60',
      [`${METRICS.predictions.name}{${of}, version="1"}`]: '5x60',
      [`${METRICS.predictionsRepresented.name}{${of}}`]: '5x60',
    };
    expectAnswers(
      still,
      [p95, p50, sample].map((expr) => ({ expr, answer: {} }))
    );
    // All of them took up to a second: quantiles are drawn on the line from 0.
    expectAnswers({ [bucket('1')]: '0+5x60', [bucket('+Inf')]: '0+5x60' }, [{ expr: p50, answer: { '{}': 0.5 } }]);
  });
});
