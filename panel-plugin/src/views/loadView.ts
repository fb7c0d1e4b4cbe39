/** Views are files of their own: a page loads those that it shows. */
import { useEffect, useState, type ComponentType } from 'react';
import type { PanelProps } from '@grafana/data';
import type { PanelOptions } from '../options';

export type ViewName = 'health' | 'drift' | 'accuracy' | 'slo' | 'alerts';
export type View = ComponentType<PanelProps<PanelOptions>>;

const SOURCES: Readonly<Record<ViewName, () => Promise<View>>> = {
  health: async () => (await import(/* webpackChunkName: "health" */ './health/HealthPanel')).HealthPanel,
  accuracy: async () => (await import(/* webpackChunkName: "accuracy" */ './accuracy/AccuracyPanel')).AccuracyPanel,
  alerts: async () => (await import(/* webpackChunkName: "alerts" */ './alerts/AlertsPanel')).AlertsPanel,
  slo: async () => (await import(/* webpackChunkName: "slo" */ './slo/SloPanel')).SloPanel,
  drift: async () => (await import(/* webpackChunkName: "drift" */ './drift/DriftPanel')).DriftPanel,
};

/** Loaded once for all panels of the page: the next one draws at once. */
const loaded = new Map<ViewName, View>();

/** For a page that brings its views along. */
export function keepView(name: ViewName, View: View): void {
  loaded.set(name, View);
}

export type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'view'; readonly View: View }
  | { readonly kind: 'failed'; readonly retry: () => void };

/** @returns `failed` where the file does not come, as after an upgrade of the plugin under an open page */
export function useView(name: ViewName): Loaded {
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState<ViewName>();
  const [, setArrived] = useState<ViewName>();
  useEffect(() => {
    if (loaded.has(name)) return undefined;
    let gone = false;
    setFailed(undefined);
    SOURCES[name]().then(
      (View) => {
        keepView(name, View);
        if (!gone) setArrived(name);
      },
      () => {
        if (!gone) setFailed(name);
      }
    );
    return () => {
      gone = true;
    };
  }, [name, attempt]);
  const View = loaded.get(name);
  if (View) return { kind: 'view', View };
  return failed === name ? { kind: 'failed', retry: () => setAttempt(attempt + 1) } : { kind: 'loading' };
}
