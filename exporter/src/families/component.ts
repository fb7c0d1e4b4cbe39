import { CONDITION_STATUSES, METRICS, PROBE_OUTCOMES, type ProbeOutcome } from '@modelwatch/contract';
import type { ComponentView } from '../domain/components/known';
import type { SettingView } from '../domain/components/settings';
import { worstOfEach } from './entity';
import type { Row } from './row';
import { known, row } from './text';

const id = ({ namespace, name }: ComponentView) => ({ namespace, component: name });

export const componentRows: readonly Row<ComponentView>[] = [
  row(METRICS.platformComponentInfo, (view: ComponentView) => [
    { labels: { ...id(view), platform: view.platform, role: view.role, version: view.version ?? '' }, value: 1 },
  ]),
  row(METRICS.platformComponentUp, (view: ComponentView) =>
    known(id(view), view.up === undefined ? undefined : Number(view.up))
  ),
  row(METRICS.platformComponentReplicasDesired, (view: ComponentView) => known(id(view), view.replicas.desired)),
  row(METRICS.platformComponentReplicasAvailable, (view: ComponentView) => known(id(view), view.replicas.available)),
  row(METRICS.platformComponentContainerRestarts, (view: ComponentView) => known(id(view), view.restarts)),
  row(METRICS.platformComponentLastObserved, (view: ComponentView) => known(id(view), view.lastObservedSeconds)),
  row(METRICS.platformComponentProbes, (view: ComponentView) => byOutcome(view, view.probed?.probes)),
  row(METRICS.platformComponentProbeFailures, (view: ComponentView) =>
    Object.entries(view.probed?.failures ?? {}).map(([cause, value]) => ({ labels: { ...id(view), cause }, value }))
  ),
  row(METRICS.platformComponentProbeTime, (view: ComponentView) => byOutcome(view, view.probed?.seconds)),
];

function byOutcome(view: ComponentView, numbers: Readonly<Record<ProbeOutcome, number>> | undefined) {
  return PROBE_OUTCOMES.flatMap((outcome) => known({ ...id(view), outcome }, numbers?.[outcome]));
}

const runtime = ({ namespace, name }: SettingView) => ({ namespace, runtime: name });
const serverConfig = ({ namespace, name }: SettingView) => ({ namespace, server_config: name });
const isServerConfig = ({ kind }: SettingView) => kind === 'SeldonServerConfig';

export const settingRows: readonly Row<SettingView>[] = [
  row(METRICS.seldonRuntimeInfo, (view: SettingView) =>
    view.kind === 'SeldonRuntime'
      ? [{ labels: { ...runtime(view), seldon_config: view.seldonConfig ?? '' }, value: 1 }]
      : []
  ),
  row(METRICS.seldonRuntimeCondition, (view: SettingView) =>
    view.kind !== 'SeldonRuntime'
      ? []
      : worstOfEach(view).flatMap(({ condition, status: holds }) =>
          CONDITION_STATUSES.map((status) => ({
            labels: { ...runtime(view), condition, status },
            value: status === holds ? 1 : 0,
          }))
        )
  ),
  row(METRICS.seldonRuntimeComponentDisabled, (view: SettingView) =>
    overrides(view).map(({ labels, disabled }) => ({ labels, value: Number(disabled) }))
  ),
  row(METRICS.seldonRuntimeComponentReplicas, (view: SettingView) =>
    overrides(view).flatMap(({ labels, replicas }) => known(labels, replicas))
  ),
  row(METRICS.seldonConfigInfo, (view: SettingView) =>
    view.settings ? [{ labels: configLabels(view, view.settings), value: 1 }] : []
  ),
  row(METRICS.seldonServerConfigInfo, (view: SettingView) =>
    isServerConfig(view) ? [{ labels: serverConfig(view), value: 1 }] : []
  ),
  row(METRICS.seldonServerConfigContainer, (view: SettingView) =>
    (view.containers ?? []).map(({ name, image = '' }) => ({
      labels: { ...serverConfig(view), container_name: name, image },
      value: 1,
    }))
  ),
  row(METRICS.seldonServerConfigServers, (view: SettingView) => known(serverConfig(view), view.servers)),
];

function overrides(view: SettingView) {
  // A component that is listed twice has one series all the same: the last says it.
  const last = new Map((view.overrides ?? []).map((each) => [each.component, each]));
  return [...last.values()].map((each) => ({ ...each, labels: { ...runtime(view), component: each.component } }));
}

function configLabels({ namespace, name }: SettingView, settings: NonNullable<SettingView['settings']>) {
  return {
    namespace,
    seldon_config: name,
    topic_prefix: settings.topicPrefix ?? '',
    model_autoscaling: String(settings.modelAutoscaling),
    server_autoscaling: String(settings.serverAutoscaling),
    tracing: String(settings.tracing),
  };
}
