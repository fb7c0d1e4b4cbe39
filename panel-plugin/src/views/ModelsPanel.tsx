import React from 'react';
import type { PanelData, PanelProps } from '@grafana/data';
import { isDrift } from '../model/drift/prepare';
import { decodeOptions, type PanelOptions } from '../options';
import { DriftPanel } from './drift/DriftPanel';
import { HealthPanel } from './health/HealthPanel';

/** Kinds of our data source that the drift view is for: they tell the view before the first answer is there. */
const DRIFT_QUERIES: readonly unknown[] = ['drift', 'distribution'];

function asksForDrift({ series, request }: PanelData): boolean {
  if (isDrift(series)) return true;
  const targets = request?.targets ?? [];
  return !series.length && targets.some((target) => 'kind' in target && DRIFT_QUERIES.includes(target.kind));
}

/** The view that is chosen, or that of the answer. */
export function ModelsPanel(props: PanelProps<PanelOptions>) {
  const { view } = decodeOptions(props.options);
  const drift = view === 'drift' || (view === 'auto' && asksForDrift(props.data));
  return drift ? <DriftPanel {...props} /> : <HealthPanel {...props} />;
}
