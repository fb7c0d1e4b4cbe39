import type { InterpolateFunction } from '@grafana/data';
import type { ModelView } from '../../model/types';
import { dataLinks, distinctLinks, filledAddress } from '../shared/address';
import type { CardLink } from '../shared/links';

/** The model's own dashboard first, then the data links of the field. An address that could run a script is dropped. */
export function linksFor(model: ModelView, dashboard: string, replaceVariables: InterpolateFunction): CardLink[] {
  const own: CardLink[] = [];
  if (dashboard.trim()) {
    const { cluster, namespace, name } = model;
    const href = filledAddress(dashboard, { cluster, namespace, model: name }, replaceVariables);
    own.push({ title: 'Model dashboard', href });
  }
  return distinctLinks([...own, ...dataLinks(model.origin)]);
}
