import type { InterpolateFunction } from '@grafana/data';
import type { Alert } from '../../model/alerts/types';
import { dataLinks, distinctLinks, filledAddress } from '../shared/address';
import type { CardLink } from '../shared/links';
import { mayEdit } from '../shared/mayEdit';
import { existingSilence, newSilence } from '../shared/silence';

interface Addresses {
  readonly modelDashboard: string;
  readonly objectiveDashboard: string;
  readonly runbook: string;
}

function silenceLinks(alert: Alert, alertmanager: string | undefined): CardLink[] {
  if (!alertmanager || !alert.isFiring) return [];
  if (alert.silence) return [existingSilence(alertmanager, alert.silence, mayEdit())];
  const { name: alertname, cluster, namespace, model, pipeline, slo } = alert;
  return mayEdit() ? [newSilence(alertmanager, { alertname, cluster, namespace, model, pipeline, slo })] : [];
}

/** What it is about, what to do about it, and its silence. @param alertmanager by the name that Grafana's pages use */
export function linksFor(
  alert: Alert,
  alertmanager: string | undefined,
  addresses: Addresses,
  replaceVariables: InterpolateFunction
): CardLink[] {
  const { name, cluster, namespace, model, pipeline, slo, origin } = alert;
  const of = { cluster, namespace, model, pipeline, slo };
  const { objectiveDashboard, modelDashboard } = addresses;
  const hasDetail = slo && (model || objectiveDashboard.includes('${pipeline}'));
  const filled = (title: string, address: string, values: Readonly<Record<string, string>>): CardLink[] =>
    address.trim() ? [{ title, href: filledAddress(address, values, replaceVariables) }] : [];
  return distinctLinks([
    ...(hasDetail ? filled('SLO detail', objectiveDashboard, of) : []),
    ...(model ? filled('Model', modelDashboard, of) : []),
    // Of alerts of others nobody knows where theirs are.
    ...(name.startsWith('Modelwatch') ? filled('Runbook', addresses.runbook, { alert: name }) : []),
    ...silenceLinks(alert, alertmanager),
    ...dataLinks(origin),
  ]);
}
