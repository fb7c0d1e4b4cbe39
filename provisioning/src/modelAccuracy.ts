/** Row *Accuracy* of the dashboard *Model*; the rest is on a dashboard of its own. */
import { NO_ACTUALS } from './accuracy';
import { figurePanel } from './figures';
import { ACCURACY_LINK, accuracyPanel, FAIRNESS_LINK, row } from './parts';
import type { Panel, Variant } from './types';

const FILTERS = { cluster: ['$cluster'], namespace: ['$namespace'], model: ['$model'] } as const;

/** Its first line is 0: it goes below whatever stands on the dashboard. */
export function modelAccuracy(variant: Variant): Panel[] {
  const plugins = variant === 'plugins';
  const overTime = figurePanel(variant, {
    kind: 'accuracy-figures',
    selected: 'cluster=~"$cluster", namespace="$namespace", model="$model"',
    without: ['namespace', 'model'],
    id: 62,
    title: 'Pairs of prediction and actual',
    metrics: ['pairs', 'pairs_needed'],
    names: ['pairs', 'needed'],
    gridPos: plugins ? { x: 16, y: 1, w: 8, h: 10 } : { x: 12, y: 1, w: 12, h: 8 },
    noValue: NO_ACTUALS,
  });
  if (plugins) {
    const scores = accuracyPanel(
      {
        id: 61,
        title: 'Accuracy',
        description:
          'Each score with its limit, its baseline and the pairs that it rests on, by arrival of the actual. What has too few pairs is marked as such.',
        gridPos: { x: 0, y: 1, w: 16, h: 10 },
      },
      { kind: 'accuracy', filters: FILTERS },
      'auto'
    );
    return [row(variant, 60, 'Accuracy', 0), { ...scores, links: [ACCURACY_LINK, FAIRNESS_LINK] }, overTime];
  }
  const scores = figurePanel(variant, {
    kind: 'accuracy-figures',
    selected: 'cluster=~"$cluster", namespace="$namespace", model="$model"',
    without: ['namespace', 'model'],
    id: 61,
    title: 'Scores of accuracy',
    metrics: ['score'],
    fromZero: false,
    gridPos: { x: 0, y: 1, w: 12, h: 8 },
    noValue: NO_ACTUALS,
  });
  return [row(variant, 60, 'Accuracy', 0), scores, overTime];
}
