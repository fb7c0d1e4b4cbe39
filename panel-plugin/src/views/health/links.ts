import { textUtil, type InterpolateFunction, type LinkModel, type ScopedVars } from '@grafana/data';
import type { ModelView } from '../../model/types';
import type { CardLink } from '../shared/links';

function scopedVars({ cluster, namespace, name }: ModelView): ScopedVars {
  const value = (text: string) => ({ text, value: text });
  return { cluster: value(cluster), namespace: value(namespace), model: value(name) };
}

/** Values go into an address: each is encoded, unless the author asked for a format. */
function encoded(template: string): string {
  return template.replace(/\$\{(cluster|namespace|model)\}/g, '$${$1:percentencode}');
}

function dataLinks({ origin }: ModelView): LinkModel[] {
  if (!origin?.field.getLinks) return [];
  return origin.field.getLinks({ valueRowIndex: origin.rowIndex });
}

/** The model's own dashboard first, then the data links of the field. An address that could run a script is dropped. */
export function linksFor(model: ModelView, dashboard: string, replaceVariables: InterpolateFunction): CardLink[] {
  const own: CardLink[] = [];
  if (dashboard.trim()) {
    const href = replaceVariables(encoded(dashboard.trim()), scopedVars(model));
    own.push({ title: 'Model dashboard', href: textUtil.sanitizeUrl(href) });
  }
  const others = dataLinks(model).map(({ title, href, target }) => ({
    title: title || 'Link',
    href: textUtil.sanitizeUrl(href),
    target,
  }));
  const usable = [...own, ...others].filter(({ href }) => href && href !== 'about:blank');
  // The same name twice would leave the reader to guess: the panel's own link knows the model, so it stands.
  return usable.filter(({ title }, index) => usable.findIndex((one) => one.title === title) === index);
}
