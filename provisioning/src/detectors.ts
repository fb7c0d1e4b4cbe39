/** Row of dashboards: what detectors found that others run, marked with whose it is and by what method. */
import { DETECTOR_STATES, RECORDED, type DetectorState } from '@modelwatch/contract';
import { row, timeline, timeseries, type State } from './parts';
import type { Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
const NONE = 'No detector of others is heard of';
const WHOSE = '{{cluster}} {{source}} {{method}} {{detector}} {{feature}}';
const BY = 'cluster, source, method, detector, feature';
const COLORS: Readonly<Record<DetectorState, string>> = {
  warning: 'orange',
  stale: 'text',
  too_little_data: 'text',
  ok: 'blue',
};

/** As numbers for core panels, which know no words: the worst is the highest. */
const numberOf = (state: DetectorState) => DETECTOR_STATES.length - 1 - DETECTOR_STATES.indexOf(state);
const STATES: readonly State[] = DETECTOR_STATES.map((state) => ({
  value: numberOf(state),
  text: state.replaceAll('_', ' '),
  color: COLORS[state],
}));

export function detectors(variant: Variant): Panel[] {
  const states = DETECTOR_STATES.map(
    (state) => `${RECORDED.detectorState.name}{state="${state}", ${ONE}} * ${numberOf(state)}`
  );
  const figure = (series: { readonly name: string }) => `max by (${BY}) (${series.name}{${ONE}})`;
  return [
    row(variant, 40, 'Detectors of others', 0),
    timeline(
      variant,
      {
        id: 41,
        title: 'What detectors of others say',
        description:
          'Verdict of each detector of drift that runs beside us: its source, its method, its name, the feature.',
        gridPos: { x: 0, y: 1, w: 24, h: 8 },
        queries: [{ expr: `max by (${BY}) (${states.join(' or ')})`, legend: WHOSE }],
        noValue: NONE,
      },
      STATES
    ),
    timeseries(
      variant,
      {
        id: 42,
        title: 'p-values of detectors of others',
        description:
          'How likely such a difference is without drift. With many rows every small difference is unlikely.',
        gridPos: { x: 0, y: 9, w: 12, h: 8 },
        queries: [{ expr: figure(RECORDED.detectorPValue), legend: WHOSE }],
        noValue: NONE,
      },
      'none'
    ),
    timeseries(
      variant,
      {
        id: 43,
        title: 'Scores of detectors of others',
        description:
          'Statistics, each on the scale of its method: to be compared over time with itself, and with no other.',
        gridPos: { x: 12, y: 9, w: 12, h: 8 },
        queries: [{ expr: figure(RECORDED.detectorScore), legend: WHOSE }],
        noValue: NONE,
      },
      'none'
    ),
  ];
}
