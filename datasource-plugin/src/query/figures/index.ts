/** The kinds of queries that give figures over time. A new figure is a row in one of the tables. */
import { ACCURACY_FIGURES } from './accuracy';
import { DRIFT_FIGURES, PREDICTION_FIGURES } from './drift';
import { ENDPOINTS } from './endpoints';
import type { Figure, FigureKindTable } from './figure';
import { LANGUAGE_MODELS } from './language';
import { PIPELINES } from './pipelines';
import { RESOURCES } from './resources';
import { EXPERIMENTS, SERVICE_HEALTH } from './service';
import { USAGE } from './usage';

export { APPORTIONED, PATH_LABELS } from './figure';
export type { Figure, FigureKindTable, Select } from './figure';

export const FIGURE_KINDS = {
  'service-health': SERVICE_HEALTH,
  'language-models': LANGUAGE_MODELS,
  experiments: EXPERIMENTS,
  pipelines: PIPELINES,
  resources: RESOURCES,
  endpoints: ENDPOINTS,
  usage: USAGE,
  'drift-figures': DRIFT_FIGURES,
  predictions: PREDICTION_FIGURES,
  'accuracy-figures': ACCURACY_FIGURES,
} as const satisfies Record<string, FigureKindTable>;
export type FigureKind = keyof typeof FIGURE_KINDS;

export function isFigureKind(kind: string): kind is FigureKind {
  return Object.hasOwn(FIGURE_KINDS, kind);
}

/** @throws RangeError for a metric that the kind does not have */
export function figureOf(kind: FigureKind, metric: string): Figure {
  const figures: Readonly<Record<string, Figure>> = FIGURE_KINDS[kind].figures;
  const found = Object.hasOwn(figures, metric) ? figures[metric] : undefined;
  if (!found) throw new RangeError(`${kind}: expected one of ${Object.keys(figures).join(', ')}, got "${metric}"`);
  return found;
}
