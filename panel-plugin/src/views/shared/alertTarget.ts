import { useEffect, useMemo, useState } from 'react';
import type { PanelData } from '@grafana/data';
import { config, getBackendSrv, getDataSourceSrv, getTemplateSrv, locationService } from '@grafana/runtime';
import {
  alertRuleHref,
  DATASOURCE_PLUGIN_ID,
  isObject,
  type AlertCondition,
  type AlertTarget,
} from '@modelwatch/contract';
import type { CardLink } from './links';
import { mayEdit } from './mayEdit';

/** The Prometheus behind our data source, or the one that a panel without it asks. */
function prometheusOf({ request }: PanelData): string | undefined {
  const sources = (request?.targets ?? []).map(({ datasource }) => datasource);
  const of = (type: string) => sources.find((one) => one?.type === type);
  const ours = of(DATASOURCE_PLUGIN_ID);
  const settings: unknown = ours && getDataSourceSrv().getInstanceSettings(ours)?.jsonData;
  const uid = ours ? isObject(settings) && settings.prometheusUid : of('prometheus')?.uid;
  // It may be a variable of the dashboard, and a rule has no dashboard.
  return typeof uid === 'string' && uid ? getTemplateSrv().replace(uid, request?.scopedVars) : undefined;
}

type Folder = NonNullable<AlertTarget['folder']>;

/** By dashboard: a page has one, and asks once. */
const folders = new Map<string, Promise<Folder | undefined>>();

async function findFolder(dashboardUid: string): Promise<Folder | undefined> {
  const found: unknown = await getBackendSrv().get('/api/search', { dashboardUIDs: dashboardUid });
  const one: unknown = Array.isArray(found) ? found[0] : undefined;
  if (!isObject(one) || typeof one.folderUid !== 'string' || !one.folderUid) return undefined;
  return { uid: one.folderUid, title: typeof one.folderTitle === 'string' ? one.folderTitle : '' };
}

/** The folder of the dashboard; undefined until it is known, and for one that is in none: the form then asks for it. */
function useFolder(dashboardUid: string | undefined): Folder | undefined {
  const [folder, setFolder] = useState<Folder>();
  useEffect(() => {
    if (!dashboardUid) return undefined;
    const asked = folders.get(dashboardUid) ?? findFolder(dashboardUid).catch(() => undefined);
    folders.set(dashboardUid, asked);
    let gone = false;
    void asked.then((found) => (gone ? undefined : setFolder(found)));
    return () => {
      gone = true;
    };
  }, [dashboardUid]);
  return folder;
}

/** Where a rule about what this panel shows would go; undefined for viewers, who would be sent to the home page. */
export function useAlertTarget(data: PanelData, panelId: number): AlertTarget | undefined {
  const { request } = data;
  const prometheusUid = mayEdit() ? prometheusOf(data) : undefined;
  const dashboardUid = prometheusUid ? request?.dashboardUID : undefined;
  const folder = useFolder(dashboardUid);
  return useMemo(() => {
    if (!prometheusUid) return undefined;
    return { prometheusUid, folder, ...(dashboardUid && { panel: { dashboardUid, panelId } }) };
  }, [prometheusUid, dashboardUid, panelId, folder]);
}

/** The form for a new rule, below the sub-path of Grafana where it has one; none where no rule can be made. */
export function alertLinks(
  condition: AlertCondition | undefined,
  target: AlertTarget | undefined,
  title = 'Create alert'
): CardLink[] {
  if (!target || !condition) return [];
  const { pathname, search } = locationService.getLocation();
  const href = `${config.appSubUrl ?? ''}${alertRuleHref(condition, target, `${pathname}${search}`)}`;
  return [{ title, begins: true, href }];
}
