/** Row *Data exploration* of the dashboard *Model*: the last rows that an exporter holds, where that is switched on. */
import { METRICS } from '@modelwatch/contract';
import { facadeTable, row, timeseries } from './parts';
import type { Panel, Variant } from './types';

const ONE = 'cluster=~"$cluster", namespace="$namespace", model="$model"';
export const NO_ROWS =
  'No rows. They are held once events.exploration.tokenFile is set and the settings of the model say exploration.enabled: true; the data source needs the token (docs/exploration.md)';

/** Its first line is 0: it goes below whatever stands on the dashboard. */
export function modelExploration(variant: Variant): Panel[] {
  const isPlugins = variant === 'plugins';
  const y = isPlugins ? 11 : 1;
  const held = (name: string) => `sum by (cluster) (${name}{${ONE}})`;
  return [
    row(variant, 100, 'Data exploration', 0),
    ...(isPlugins
      ? [
          facadeTable(
            {
              id: 101,
              title: 'Rows',
              description:
                'The last predictions of the time range that the exporter holds, with what came true: off unless switched on, without what is redacted, for editors alone. A notice says why there are none, or more.',
              gridPos: { x: 0, y: 1, w: 24, h: 10 },
              noValue: NO_ROWS,
            },
            { kind: 'exploration', show: 'rows', filters: { namespace: ['$namespace'], model: ['$model'] } },
            { states: [] }
          ),
        ]
      : []),
    timeseries(
      variant,
      {
        id: 102,
        title: 'Rows that are held',
        description:
          'By all exporters. The oldest go when there are too many, when they take too much, or are too old.',
        gridPos: { x: 0, y, w: 12, h: 7 },
        queries: [{ expr: held(METRICS.explorationRows.name), legend: '{{cluster}} rows' }],
        noValue: NO_ROWS,
      },
      'short'
    ),
    timeseries(
      variant,
      {
        id: 103,
        title: 'Memory of the rows',
        description: 'What the rows take, and what they may take.',
        gridPos: { x: 12, y, w: 12, h: 7 },
        queries: [
          { expr: held(METRICS.explorationBytes.name), legend: '{{cluster}} taken' },
          { expr: held(METRICS.explorationLimit.name), legend: '{{cluster}} limit' },
        ],
        noValue: NO_ROWS,
      },
      'bytes'
    ),
  ];
}
