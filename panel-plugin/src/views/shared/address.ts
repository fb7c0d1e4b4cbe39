import { textUtil, type InterpolateFunction, type ScopedVars } from '@grafana/data';
import type { Origin } from '../../model/types';
import type { CardLink } from './links';

/**
 * An address with `${name}` filled in from `values` and Grafana's own variables. Values are encoded, unless the author
 * asked for a format. An address that could run a script becomes `about:blank`.
 */
export function filledAddress(
  template: string,
  values: Readonly<Record<string, string>>,
  replaceVariables: InterpolateFunction
): string {
  const names = Object.keys(values).join('|');
  const encoded = template.trim().replace(new RegExp(`\\$\\{(${names})\\}`, 'g'), '$${$1:percentencode}');
  const scoped: ScopedVars = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { text: value, value }])
  );
  return textUtil.sanitizeUrl(replaceVariables(encoded, scoped));
}

/** The data links of the field that a value came from. */
export function dataLinks(origin: Origin | undefined): CardLink[] {
  if (!origin?.field.getLinks) return [];
  return origin.field.getLinks({ valueRowIndex: origin.rowIndex }).map(({ title, href, target }) => ({
    title: title || 'Link',
    href: textUtil.sanitizeUrl(href),
    target,
  }));
}

/** The same name twice would leave the reader to guess: the first stands. Addresses that lead nowhere are dropped. */
export function distinctLinks(links: readonly CardLink[]): CardLink[] {
  const usable = links.filter(({ href }) => href && href !== 'about:blank');
  return usable.filter(({ title }, index) => usable.findIndex((one) => one.title === title) === index);
}
