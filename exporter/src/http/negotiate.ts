/** Which exposition format and encoding a request asks for (RFC 9110, 12.5). Text 0.0.4 for whoever asks for neither. */
import type { Format } from '../exposition/store';

export const CONTENT_TYPES: Record<Format, string> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

interface Preference {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 to 1; 0 means: not this one. */
  readonly quality: number;
}

/** OpenMetrics only when a request prefers it by name; on a tie the one that is named first wins. */
export function negotiateFormat(accept: string | undefined): Format {
  let best: { format: Format; quality: number } = { format: 'prometheus', quality: 0 };
  for (const preference of preferences(accept)) {
    const format = formatOf(preference);
    if (format && preference.quality > best.quality) best = { format, quality: preference.quality };
  }
  return best.format;
}

function formatOf({ name, parameters }: Preference): Format | undefined {
  const version = parameters.get('version');
  if (name === 'application/openmetrics-text') {
    return version === undefined || version === '1.0.0' ? 'openmetrics' : undefined;
  }
  if (name === 'text/plain') return version === undefined || version === '0.0.4' ? 'prometheus' : undefined;
  return name === '*/*' || name === 'text/*' ? 'prometheus' : undefined;
}

export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const asked = preferences(acceptEncoding);
  const gzip = asked.find(({ name }) => name === 'gzip') ?? asked.find(({ name }) => name === '*');
  return gzip !== undefined && gzip.quality > 0;
}

/** JSON for programs that ask for it by name, text for curl and people. */
export function prefersJson(accept: string | undefined): boolean {
  return preferences(accept).some(({ name, quality }) => name === 'application/json' && quality > 0);
}

function preferences(header: string | undefined): Preference[] {
  return (header ?? '')
    .split(',')
    .map((part) => {
      const [name = '', ...pairs] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const parameters = new Map(pairs.map((pair) => pair.split('=', 2) as [string, string]));
      const quality = Number(parameters.get('q') ?? 1);
      return { name, parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 };
    })
    .filter(({ name }) => name !== '');
}
