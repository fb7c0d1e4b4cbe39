import type { InterpolateFunction } from '@grafana/data';
import { PREDICTIONS_VALUE } from '@modelwatch/contract';
import type { Subject } from '../../model/drift/types';
import type { TimeSpan } from '../../model/types';
import { dataLinks, distinctLinks, filledAddress } from '../shared/address';
import type { CardLink } from '../shared/links';

const RANGE = '${__url_time_range}';

/** The address with the range of one window instead of that of the dashboard. */
function within(template: string, span: TimeSpan): string {
  const range = `from=${span.fromMs}&to=${span.toMs}`;
  if (template.includes(RANGE)) return template.replace(RANGE, range);
  return `${template}${template.includes('?') ? '&' : '?'}${range}`;
}

/** The distribution of the feature first, then the data links of its score. */
export function linksFor(
  one: Subject,
  address: string,
  replaceVariables: InterpolateFunction,
  span?: TimeSpan
): CardLink[] {
  const { cluster, namespace, model, subject } = one;
  const feature = subject === 'prediction' ? PREDICTIONS_VALUE : one.feature;
  const own: CardLink[] = [];
  if (address.trim()) {
    const href = filledAddress(
      span ? within(address.trim(), span) : address,
      { cluster, namespace, model, feature, subject },
      replaceVariables
    );
    own.push({ title: span ? 'Distribution of this window' : 'Distribution', href });
  }
  return distinctLinks([...own, ...dataLinks(one.origin)]);
}
