import type { PanelData } from '@grafana/data';
import { config, getDataSourceSrv, locationService } from '@grafana/runtime';
import { DATASOURCE_PLUGIN_ID, isObject } from '@modelwatch/contract';
import { alertRuleHref, type AlertTarget } from '../../model/alertRule';
import type { ModelView } from '../../model/types';
import type { CardLink } from '../shared/links';
import { mayEdit } from '../shared/mayEdit';

/** The Prometheus behind our data source; undefined for a panel that asks Prometheus itself, where Grafana's menu works. */
function prometheusBehind(data: PanelData): string | undefined {
  const types = (data.request?.targets ?? []).map(({ datasource }) => datasource);
  const ours = types.find((one) => one?.type === DATASOURCE_PLUGIN_ID);
  const settings: unknown = ours && getDataSourceSrv().getInstanceSettings(ours)?.jsonData;
  const uid = isObject(settings) ? settings.prometheusUid : undefined;
  return types.some((one) => one?.type === 'prometheus') || typeof uid !== 'string' || !uid ? undefined : uid;
}

/** Where a rule for a model of this panel would go; undefined for viewers, who would be sent to the home page. */
export function alertTargetOf(data: PanelData, panelId: number): AlertTarget | undefined {
  const prometheusUid = mayEdit() ? prometheusBehind(data) : undefined;
  if (!prometheusUid) return undefined;
  const dashboardUid = data.request?.dashboardUID;
  return { prometheusUid, ...(dashboardUid && { panel: { dashboardUid, panelId } }) };
}

/** The form for a new rule on this model, below the sub-path of Grafana where it has one. */
export function alertLinkFor(model: ModelView, target: AlertTarget): CardLink {
  const { pathname, search } = locationService.getLocation();
  return {
    title: 'Create alert',
    begins: true,
    href: `${config.appSubUrl ?? ''}${alertRuleHref(model, target, `${pathname}${search}`)}`,
  };
}
