/** The panel in a browser without Grafana: a gallery of fixtures, one fixture (`?fixture=`), or live data (`?live=`). */
import React, { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createTheme, LoadingState, ThemeContext } from '@grafana/data';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import type { DriftModeOption } from '../layout/drift/form';
import { decodeOptions, type PanelOptions } from '../options';
import { AccuracyPanel } from '../views/accuracy/AccuracyPanel';
import { AlertsPanel } from '../views/alerts/AlertsPanel';
import { DriftPanel } from '../views/drift/DriftPanel';
import { HealthPanel } from '../views/health/HealthPanel';
import { SloPanel } from '../views/slo/SloPanel';
import { keepView } from '../views/loadView';
import { fixture, isFixtureName, type Fixture, type FixtureName } from './fixtures';
import { Frame } from './Frame';
import { liveAnswer } from './live';
import { FIXTURE_NOW_MS, FIXTURE_RANGE_MS } from './mockFleet';

const LIVE_RANGE_MS = 3_600_000;
const REFRESH_MS = 5_000;

type Entry = readonly [title: string, name: FixtureName, width: number, height: number, mode?: DriftModeOption];

const GALLERY: readonly Entry[] = [
  ['24 models, 1350 × 420', 'fleet', 1350, 420],
  ['1,016 models, 1350 × 420', 'large', 1350, 420],
  ['Half width, 668 × 316', 'fleet', 668, 316],
  ['Small, 300 × 200', 'fleet', 300, 200],
  ['Smallest, 196 × 136', 'fleet', 196, 136],
  ['One model, 1350 × 204', 'alone', 1350, 204],
  ['Loading', 'loading', 441, 196],
  ['Empty', 'empty', 441, 196],
  ['Error', 'error', 441, 196],
  ['Stale', 'stale', 668, 316],
  ['Too little data', 'too-little', 441, 196],
  ['All healthy', 'healthy', 668, 316],
  ['No model in the answer', 'refusal', 441, 196],
  ['Plain Prometheus query', 'prometheus', 1350, 420],
  ['Features × days, 1350 × 402', 'drift', 1350, 402],
  ['Drift × importance, 560 × 420', 'drift', 560, 420, 'scatter'],
  ['Categorical feature, 774 × 420', 'distribution-categorical', 774, 420],
  ['Too little data, 560 × 360', 'distribution-few', 560, 360],
  ['Numeric feature, 774 × 360', 'distribution-numeric', 774, 360],
  ['Drift, 300 × 200', 'drift', 300, 200],
  ['No reference', 'drift-no-reference', 300, 200],
  ['Nothing drifted', 'drift-calm', 300, 200],
  ['Accuracy, 1350 × 620', 'accuracy', 1350, 620],
  ['Scores of accuracy, 668 × 316', 'accuracy-scores', 668, 316],
  ['Eleven classes, 900 × 620', 'accuracy-classes', 900, 620],
  ['Accuracy, 300 × 200', 'accuracy', 300, 200],
  ['No actuals yet', 'accuracy-waiting', 441, 196],
  ['Accuracy with too few pairs, 900 × 480', 'accuracy-few', 900, 480],
  ['Objectives, 1350 × 400', 'slo', 1350, 400],
  ['One objective, 1350 × 476', 'slo-one', 1350, 476],
  ['Objectives, 300 × 200', 'slo', 300, 200],
  ['One objective, 300 × 200', 'slo-one', 300, 200],
  ['Too few requests', 'slo-few', 300, 200],
  ['Nothing counted any more', 'slo-stale', 300, 200],
  ['One objective, 600 × 300', 'slo-ticket', 600, 300],
  ['Alerts, 900 × 316', 'alerts', 900, 316],
  ['Alerts, 441 × 236', 'alerts', 441, 236],
  ['Alertmanager does not answer', 'alerts-unreachable', 668, 236],
  ['Nothing fires', 'alerts-none', 441, 196],
  ['Nobody watches', 'alerts-unwatched', 441, 196],
];

function numberOf(parameters: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(parameters.get(name));
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

function Gallery({ options }: { options: PanelOptions }) {
  const answers = useMemo(() => GALLERY.map(([, name]) => fixture(name)), []);
  return (
    <>
      {GALLERY.map(([title, name, width, height, mode], index) => (
        <figure key={title} style={{ margin: 0 }}>
          <figcaption style={{ fontSize: 12, marginBottom: 6 }}>
            <a href={`?fixture=${name}&width=${width}&height=${height}${mode ? `&drift=${mode}` : ''}`}>{title}</a>
          </figcaption>
          <FixtureFrame
            answer={answers[index] ?? { state: LoadingState.Loading, series: [] }}
            width={width}
            height={height}
            options={mode ? { ...options, driftMode: mode } : options}
          />
        </figure>
      ))}
    </>
  );
}

function FixtureFrame({ answer, options, ...size }: OneProps & { answer: Fixture }) {
  const { rangeMs = FIXTURE_RANGE_MS, title, view } = answer;
  const chosen = view ? { ...options, view } : options;
  return (
    <Frame
      answer={answer}
      toMs={FIXTURE_NOW_MS}
      rangeMs={rangeMs}
      title={title}
      options={chosen}
      timeZone="utc"
      {...size}
    />
  );
}

interface OneProps {
  readonly options: PanelOptions;
  readonly width: number;
  readonly height: number;
}

function Live({ target, options, width, height }: OneProps & { target: string }) {
  const [answer, setAnswer] = useState<Fixture>({ state: LoadingState.Loading, series: [] });
  const [toMs, setTo] = useState(() => Date.now());
  useEffect(() => {
    let gone = false;
    const refresh = async () => {
      const next = await liveAnswer(target, LIVE_RANGE_MS);
      if (gone) return;
      setTo(Date.now());
      setAnswer(next);
    };
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [target]);
  const size = { width, height };
  return <Frame answer={answer} toMs={toMs} rangeMs={LIVE_RANGE_MS} options={options} timeZone="browser" {...size} />;
}

function One({ name, ...rest }: OneProps & { name: FixtureName }) {
  const answer = useMemo(() => fixture(name), [name]);
  return <FixtureFrame answer={answer} {...rest} />;
}

function Page() {
  const parameters = new URLSearchParams(window.location.search);
  const name = parameters.get('fixture');
  const live = parameters.get('live');
  const options = decodeOptions({
    mode: parameters.get('mode'),
    driftMode: parameters.get('drift'),
    accuracyMode: parameters.get('accuracy'),
    view: parameters.get('view'),
    featureDashboard: parameters.get('feature') ?? undefined,
    modelDashboard: parameters.get('dashboard') ?? '/d/modelwatch-model?var-namespace=${namespace}&var-model=${model}',
  });
  const size = { width: numberOf(parameters, 'width', 1350), height: numberOf(parameters, 'height', 420) };
  if (live) return <Live target={live} options={options} {...size} />;
  return isFixtureName(name) ? <One name={name} options={options} {...size} /> : <Gallery options={options} />;
}

/** Draws what the address asks for; the answer takes it away again. */
function draw(element: HTMLElement): () => void {
  const light = new URLSearchParams(window.location.search).get('theme') === 'light';
  const drawn = createRoot(element);
  drawn.render(
    <ThemeContext.Provider value={createTheme({ colors: { mode: light ? 'light' : 'dark' } })}>
      <GlobalStyles />
      <main style={{ padding: 24, display: 'flex', flexWrap: 'wrap', gap: 24, alignItems: 'flex-start' }}>
        <Page />
      </main>
      <PortalContainer />
    </ThemeContext.Provider>
  );
  return () => drawn.unmount();
}

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with id root');
// As on a page that has shown each view before: what is measured is drawing, not loading (test/bench).
keepView('health', HealthPanel);
keepView('drift', DriftPanel);
keepView('accuracy', AccuracyPanel);
keepView('slo', SloPanel);
keepView('alerts', AlertsPanel);
performance.mark('render');
let stop = draw(root);
// Another state at the same address costs no loading: by Back and Forward, and by the tests.
window.addEventListener('popstate', () => {
  stop();
  stop = draw(root);
});
