import React from 'react';
import type { PanelData, PanelProps } from '@grafana/data';
import { isDrift } from '../model/mark';
import type { Message } from '../model/types';
import { decodeOptions, type PanelOptions } from '../options';
import { useView } from './loadView';
import { Loading, Statement } from './shared/States';

/** Kinds of our data source that the drift view is for: they tell the view before the first answer is there. */
const DRIFT_QUERIES: readonly unknown[] = ['drift', 'distribution'];

function asksForDrift({ series, request }: PanelData): boolean {
  if (isDrift(series)) return true;
  const targets = request?.targets ?? [];
  return !series.length && targets.some((target) => 'kind' in target && DRIFT_QUERIES.includes(target.kind));
}

const NOT_LOADED: Message = {
  title: 'This view could not be loaded',
  detail: 'Grafana did not hand out a file of the plugin. After an upgrade of the plugin, reload the page.',
};

/** The view that is chosen, or that of the answer. */
export function ModelsPanel(props: PanelProps<PanelOptions>) {
  const { view } = decodeOptions(props.options);
  const isOfDrift = view === 'drift' || (view === 'auto' && asksForDrift(props.data));
  const loaded = useView(isOfDrift ? 'drift' : 'health');
  if (loaded.kind === 'loading') return <Loading />;
  if (loaded.kind === 'view') return <loaded.View {...props} />;
  const { width, height } = props;
  const actions = [{ label: 'Try again', onClick: loaded.retry }];
  return <Statement message={NOT_LOADED} actions={actions} mark="unknown" size={{ width, height }} />;
}
