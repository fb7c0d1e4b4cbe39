/** What is marked in the charts of a dashboard: changes of health, events of the event log, times at which a query has an answer. */
import { METRICS, RECORDED, type RememberedEventKind } from '@modelwatch/contract';
import { FACADE, prometheus } from './parts';
import type { Variant } from './types';

export interface AnnotationsSpec {
  /** Filters of the changes of health that are marked in the charts; only our data source finds them. */
  readonly transitions?: Readonly<Record<string, readonly string[]>>;
  /** Events of the event log that are marked in the charts; only our data source has them. */
  readonly events?: ReadonlyArray<{
    readonly name: string;
    readonly events: readonly RememberedEventKind[];
    readonly filters: Readonly<Record<string, readonly string[]>>;
    /** Whether they are shown unless somebody wants to: where they are few. */
    readonly enable: boolean;
  }>;
  /** Times at which a query has an answer; they are marked in the charts. */
  readonly marks?: ReadonlyArray<{
    readonly name: string;
    readonly expr: string;
    readonly step: string;
    readonly title: string;
    /** Shown unless somebody wants to, if absent. */
    readonly enable?: boolean;
    /** The values are the times to mark, in milliseconds since 1970. */
    readonly valuesAreTimes?: boolean;
  }>;
}

export function annotationsOf(variant: Variant, { transitions, events = [], marks = [] }: AnnotationsSpec): object[] {
  const own = (name: string, enable: boolean, iconColor: string, query: object) => ({
    ...{ name, datasource: FACADE, enable, iconColor },
    target: { refId: 'Anno', version: 2, ...query },
  });
  const ofHealth = transitions
    ? [own('Changes of health', true, 'orange', { kind: 'health-transitions', filters: transitions })]
    : [];
  const ofLog = events.map(({ name, enable, events, filters }) =>
    own(name, enable, 'blue', { kind: 'events', events, filters })
  );
  return [
    ...(variant === 'plugins' ? [...ofHealth, ...ofLog] : []),
    ...marks.map(({ name, expr, title, step, enable = true, valuesAreTimes = false }) => ({
      name,
      datasource: prometheus(variant),
      enable,
      iconColor: 'purple',
      expr,
      step,
      titleFormat: title,
      ...(valuesAreTimes ? { useValueForTime: true } : {}),
    })),
  ];
}

/** Alerts on a model, or on one of its objectives, for as long as they fired. */
export function alertMarks(...selected: readonly string[]): NonNullable<AnnotationsSpec['marks']>[number] {
  const expr = selected.map((one) => `ALERTS{alertstate="firing", ${one}}`).join(' or ');
  return { name: 'Alerts', expr, step: '60s', title: '{{alertname}}', enable: false };
}

/** Versions of a model that were not there in the hour before: what is back after a gap in the samples is no new one. */
export function versionMarks(selected: string): NonNullable<AnnotationsSpec['marks']>[number] {
  const by = 'cluster, namespace, model, version';
  const info = `${RECORDED.modelInfo.name}{version!="", ${selected}}`;
  const expr = `group by (${by}) (${info}) unless on (${by}) last_over_time(${info}[1h] offset $__interval)`;
  return { name: 'New versions', expr, step: '1m', title: 'Version {{version}}' };
}

/** What the responder did about alerts on a model, or would have done: it has a log of its own, of which no exporter hears. */
export function responseMarks(selected: string): NonNullable<AnnotationsSpec['marks']>[number] {
  const by = 'cluster, namespace, model, policy, action, result';
  const expr = `1000 * max by (${by}) (${METRICS.responderModelResponse.name}{${selected}})`;
  return { name: 'Responses', expr, step: '1m', title: '{{policy}}: {{action}} {{result}}', valuesAreTimes: true };
}
