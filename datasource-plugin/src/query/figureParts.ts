/** From a query of a figure to exact PromQL. */
import type { ResolvedFilters } from './filters';
import { FIGURE_KINDS, figureOf, type Select } from './figures';
import { identity, ofFeature } from './identity';
import type { PartName, PromPart } from './parts';
import { anyOf, matcher, selector } from './promql';
import { restriction } from './restriction';
import { HISTORY_MAX_POINTS } from './step';
import type { FigureQuery } from './types';

/** Matchers of a query for what is no model; without a namespace asked for still one, so that no selector is bare. */
function matchersOf(query: FigureQuery, filters: ResolvedFilters): string[] {
  const { ofModels, filters: fields } = FIGURE_KINDS[query.kind];
  if (ofModels) return identity(filters);
  const asked = fields.flatMap((field) => (field === 'feature' ? ofFeature(filters) : anyOf(field, filters[field])));
  return filters.namespace.length > 0 ? asked : [...asked, matcher('namespace', '!=', '')];
}

/** @param shiftSeconds how long before the time range */
function figureOverTime(
  query: FigureQuery,
  filters: ResolvedFilters,
  rangeSeconds: number,
  shiftSeconds: number
): string {
  const ids = matchersOf(query, filters);
  const shift = shiftSeconds > 0 ? ` offset ${shiftSeconds}s` : '';
  const ofModel = matchersOf(query, { ...filters, feature: [], metric: [] });
  const select: Select = (name, { matchers = [], over, of } = {}) => {
    const window = over === 'time range' ? `${rangeSeconds}s` : over;
    return `${selector(name, [...(of === 'model' ? ofModel : ids), ...matchers])}${window === undefined ? '' : `[${window}]`}${shift}`;
  };
  const expr = figureOf(query.kind, query.metric).expr(select);
  const restrict = FIGURE_KINDS[query.kind].ofModels ? restriction(filters, ' @ end()') : '';
  return restrict === '' ? expr : `(${expr})${restrict}`;
}

/** @param rangeSeconds length of the time range: how far the period before lies back */
export function figureParts(query: FigureQuery, filters: ResolvedFilters, rangeSeconds: number): PromPart[] {
  const part = (name: PartName, shiftSeconds: number): PromPart => ({
    name,
    expr: figureOverTime(query, filters, rangeSeconds, shiftSeconds),
    maxPoints: HISTORY_MAX_POINTS,
  });
  return [part('metric', 0), ...(query.compare ? [part('before', rangeSeconds)] : [])];
}
