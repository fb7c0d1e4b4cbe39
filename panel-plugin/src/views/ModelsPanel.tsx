import React from 'react';
import type { PanelData, PanelProps } from '@grafana/data';
import { layOutBeside } from '../layout/beside';
import { isAccuracy, isAlerts, isDrift, isSlo } from '../model/mark';
import type { Message } from '../model/types';
import { decodeOptions, type PanelOptions } from '../options';
import { useView, type ViewName } from './loadView';
import { Loading, Statement } from './shared/States';

/** Kinds of our data source by the view that they are for: they tell it before the first answer is there. */
const QUERIES: Readonly<Record<Exclude<ViewName, 'health'>, readonly unknown[]>> = {
  drift: ['drift', 'distribution'],
  accuracy: ['accuracy', 'accuracy-detail'],
  slo: ['slo-status', 'slo-budget', 'slo-burn'],
  alerts: ['alerts'],
};

/** Drift before accuracy before objectives before alerts, and health for all that is none. */
function viewOf({ series, request }: PanelData): ViewName {
  if (isDrift(series)) return 'drift';
  if (isAccuracy(series)) return 'accuracy';
  if (isSlo(series)) return 'slo';
  if (isAlerts(series)) return 'alerts';
  const targets = series.length ? [] : (request?.targets ?? []);
  const asks = (view: keyof typeof QUERIES) =>
    targets.some((target) => 'kind' in target && QUERIES[view].includes(target.kind));
  if (asks('drift')) return 'drift';
  if (asks('accuracy')) return 'accuracy';
  if (asks('slo')) return 'slo';
  return asks('alerts') ? 'alerts' : 'health';
}

const NOT_LOADED: Message = {
  title: 'This view could not be loaded',
  detail: 'Grafana did not hand out a file of the plugin. After an upgrade of the plugin, reload the page.',
};

/** The view that is chosen, or that of the answer; drift with accuracy beside it where the answer has both. */
export function ModelsPanel(props: PanelProps<PanelOptions>) {
  const { data, width, height } = props;
  const { view } = decodeOptions(props.options);
  const chosen = view === 'auto' ? viewOf(data) : view;
  const both = chosen === 'drift' && isDrift(data.series) && isAccuracy(data.series);
  const beside = both ? layOutBeside({ width, height }) : undefined;
  if (!beside) return <OneView name={chosen} {...props} />;
  return (
    <div style={{ display: 'flex', flexDirection: beside.direction }}>
      <OneView name="drift" {...props} {...beside.drift} />
      <OneView name="accuracy" {...props} {...beside.accuracy} />
    </div>
  );
}

function OneView({ name, ...props }: PanelProps<PanelOptions> & { name: ViewName }) {
  const loaded = useView(name);
  if (loaded.kind === 'loading') return <Loading />;
  if (loaded.kind === 'view') return <loaded.View {...props} />;
  const { width, height } = props;
  const actions = [{ label: 'Try again', onClick: loaded.retry }];
  return <Statement message={NOT_LOADED} actions={actions} mark="unknown" size={{ width, height }} />;
}
