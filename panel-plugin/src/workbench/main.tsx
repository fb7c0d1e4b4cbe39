/** The panel in a browser without Grafana: a gallery of fixtures, one fixture (`?fixture=`), or live data (`?live=`). */
import React, { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createTheme, LoadingState, ThemeContext } from '@grafana/data';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { decodeOptions, type PanelOptions } from '../options';
import { fixture, isFixtureName, type Fixture, type FixtureName } from './fixtures';
import { Frame } from './Frame';
import { liveAnswer } from './live';
import { FIXTURE_NOW_MS, FIXTURE_RANGE_MS } from './mockFleet';

const LIVE_RANGE_MS = 3_600_000;
const REFRESH_MS = 5_000;

const GALLERY: ReadonlyArray<readonly [title: string, name: FixtureName, width: number, height: number]> = [
  ['24 models, 1350 × 420', 'fleet', 1350, 420],
  ['1,016 models, 1350 × 420', 'large', 1350, 420],
  ['Half width, 668 × 316', 'fleet', 668, 316],
  ['Small, 300 × 200', 'fleet', 300, 200],
  ['Smallest, 196 × 136', 'fleet', 196, 136],
  ['Loading', 'loading', 441, 196],
  ['Empty', 'empty', 441, 196],
  ['Error', 'error', 441, 196],
  ['Stale', 'stale', 668, 316],
  ['Too little data', 'too-little', 441, 196],
  ['All healthy', 'healthy', 668, 316],
  ['No model in the answer', 'refusal', 441, 196],
  ['Plain Prometheus query', 'prometheus', 1350, 420],
];

function numberOf(parameters: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(parameters.get(name));
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

function Gallery({ options }: { options: PanelOptions }) {
  const answers = useMemo(() => GALLERY.map(([, name]) => fixture(name)), []);
  return (
    <>
      {GALLERY.map(([title, name, width, height], index) => (
        <figure key={title} style={{ margin: 0 }}>
          <figcaption style={{ fontSize: 12, marginBottom: 6 }}>
            <a href={`?fixture=${name}&width=${width}&height=${height}`}>{title}</a>
          </figcaption>
          <Frame
            answer={answers[index] ?? { state: LoadingState.Loading, series: [] }}
            toMs={FIXTURE_NOW_MS}
            rangeMs={FIXTURE_RANGE_MS}
            width={width}
            height={height}
            options={options}
            timeZone="utc"
          />
        </figure>
      ))}
    </>
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
  return <Frame answer={answer} toMs={FIXTURE_NOW_MS} rangeMs={FIXTURE_RANGE_MS} timeZone="utc" {...rest} />;
}

function Page() {
  const parameters = new URLSearchParams(window.location.search);
  const name = parameters.get('fixture');
  const live = parameters.get('live');
  const options = decodeOptions({
    mode: parameters.get('mode'),
    modelDashboard: parameters.get('dashboard') ?? '/d/modelwatch-model?var-namespace=${namespace}&var-model=${model}',
  });
  const size = { width: numberOf(parameters, 'width', 1350), height: numberOf(parameters, 'height', 420) };
  if (live) return <Live target={live} options={options} {...size} />;
  return isFixtureName(name) ? <One name={name} options={options} {...size} /> : <Gallery options={options} />;
}

const theme = createTheme({
  colors: { mode: new URLSearchParams(window.location.search).get('theme') === 'light' ? 'light' : 'dark' },
});
const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with id root');
// What comes before is the loading of Grafana's own packages, which in Grafana is done long before (test/bench).
performance.mark('render');
createRoot(root).render(
  <ThemeContext.Provider value={theme}>
    <GlobalStyles />
    <main style={{ padding: 24, display: 'flex', flexWrap: 'wrap', gap: 24, alignItems: 'flex-start' }}>
      <Page />
    </main>
    <PortalContainer />
  </ThemeContext.Provider>
);
