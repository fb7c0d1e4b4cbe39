import type { InterpolateFunction } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { ALERTS } from '@modelwatch/contract';
import type { Slo } from '../../model/slo/types';
import { dataLinks, distinctLinks, filledAddress } from '../shared/address';
import type { CardLink } from '../shared/links';
import { mayEdit } from '../shared/mayEdit';
import { newSilence } from '../shared/silence';

/** The alert that such a state is about; of one that another state hides, which is only too old, none. */
function alertOf({ verdict, previous }: Slo): string | undefined {
  if (previous !== undefined) return undefined;
  if (verdict === 'page') return ALERTS.sloFastBurn;
  if (verdict === 'ticket' || verdict === 'spent') return ALERTS.sloSlowBurn;
  return verdict === 'stale' ? ALERTS.sloNoData : undefined;
}

/**
 * The form for a silence of this objective alone, as Grafana reads its address. Only where one Alertmanager is known: a
 * silence in another one would look as if it worked.
 */
function silenceLink({ cluster, namespace, name, isPipeline, slo }: Slo): CardLink[] {
  if (!mayEdit()) return [];
  // Asked by type in place of id, Grafana gives its built-in data source "-- Grafana --" too, which is no Alertmanager.
  const [one, another] = getDataSourceSrv().getList({ all: true, pluginId: 'alertmanager' });
  if (!one || another) return [];
  return [newSilence(one.name, { cluster, namespace, [isPipeline ? 'pipeline' : 'model']: name, slo })];
}

interface Addresses {
  readonly modelDashboard: string;
  readonly objectiveDashboard: string;
  readonly runbook: string;
}

/** Of the link to the dashboard of one objective. */
export const DETAIL_TITLE = 'SLO detail';

/** The dashboard of the objective first, that of its model, then what helps with the alert that holds, then data links of the field. */
export function linksFor(one: Slo, addresses: Addresses, replaceVariables: InterpolateFunction): CardLink[] {
  const { cluster, namespace, name, isPipeline, slo, origin } = one;
  const alert = alertOf(one);
  const filled = (title: string, address: string, values: Readonly<Record<string, string>>): CardLink[] =>
    address.trim() ? [{ title, href: filledAddress(address, values, replaceVariables) }] : [];
  const holder = { cluster, namespace, model: isPipeline ? '' : name, pipeline: isPipeline ? name : '', slo };
  // A dashboard of models has nothing of a pipeline, unless its address says where the name of one goes.
  const ofHolder = (title: string, address: string) =>
    isPipeline && !address.includes('${pipeline}') ? [] : filled(title, address, holder);
  return distinctLinks([
    ...ofHolder(DETAIL_TITLE, addresses.objectiveDashboard),
    ...ofHolder(isPipeline ? 'Pipeline' : 'Model', addresses.modelDashboard),
    ...(alert ? filled('Runbook', addresses.runbook, { alert }) : []),
    ...(alert ? silenceLink(one) : []),
    ...dataLinks(origin),
  ]);
}
