import { config } from '@grafana/runtime';
import type { CardLink } from './links';

function page(path: string, parameters: URLSearchParams): string {
  return `${config.appSubUrl ?? ''}/alerting/${path}?${parameters.toString()}`;
}

/** Grafana's form for a silence of what has these labels. @param alertmanager by the name that Grafana's pages use */
export function newSilence(alertmanager: string, labels: Readonly<Record<string, string>>): CardLink {
  const parameters = new URLSearchParams({ alertmanager });
  for (const [label, value] of Object.entries(labels)) if (value) parameters.append('matcher', `${label}=${value}`);
  return { title: 'Silence', href: page('silence/new', parameters), begins: true };
}

/** A silence that there is: to end it or to change it, or for who may not the list that it stands in. */
export function existingSilence(alertmanager: string, id: string, mayEdit: boolean): CardLink {
  const path = mayEdit ? `silence/${encodeURIComponent(id)}/edit` : 'silences';
  return { title: 'Show silence', href: page(path, new URLSearchParams({ alertmanager })), begins: true };
}
