import {
  DataSourceApi,
  LoadingState,
  type AdHocVariableFilter,
  type CoreApp,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  type MetricFindValue,
  type ScopedVars,
  type TimeRange,
} from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { asapScheduler, catchError, defer, firstValueFrom, map, merge, observeOn, of, type Observable } from 'rxjs';
import { answerQuery } from './api/answer';
import { createExporterApi, type ExporterApi } from './api/exporter';
import { requestNow } from './api/now';
import { labelValues } from './api/labelValues';
import { errorText } from './api/prometheus';
import type { Verdict } from './api/verdict';
import { DEFAULT_TIME_INTERVAL, type ModelwatchOptions } from './options';
import { decodeQuery } from './query/decode';
import { NO_FILTERS, resolveFilters, storedFilters, type ResolvedFilters } from './query/filters';
import { DEFAULT_QUERY, type ModelFilters, type ModelwatchQuery, type VariableLabel } from './query/types';
import { ModelwatchVariables } from './variables';

/** Labels that every series carries, so that an ad hoc filter on them narrows every part of an answer. */
const TAG_KEYS = ['cluster', 'namespace', 'model'] as const satisfies readonly VariableLabel[];

/** Between the values of a variable; no label value holds it. */
const SEPARATOR = '\u0000';

export class ModelwatchDataSource extends DataSourceApi<ModelwatchQuery, ModelwatchOptions> {
  readonly prometheusUid: string | undefined;
  private readonly exporter: ExporterApi | undefined;
  private readonly alertmanagerUid: string | undefined;

  constructor(instanceSettings: DataSourceInstanceSettings<ModelwatchOptions>) {
    super(instanceSettings);
    const { prometheusUid, apiUrl, alertmanagerUid, timeInterval } = instanceSettings.jsonData;
    this.prometheusUid = prometheusUid;
    this.alertmanagerUid = alertmanagerUid;
    this.exporter = apiUrl && instanceSettings.url ? createExporterApi(instanceSettings.url) : undefined;
    // A facade's own least step applies to panels, not that of the data source behind it.
    this.interval = timeInterval || DEFAULT_TIME_INTERVAL;
    this.variables = new ModelwatchVariables(this);
    this.annotations = { getDefaultQuery: () => ({ ...DEFAULT_QUERY, kind: 'health-transitions' }) };
  }

  /** One packet per query as each is answered; the last one says that all is done. */
  override query(request: DataQueryRequest<ModelwatchQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.filter((target) => this.filterQuery(target));
    if (!targets.length) return of({ data: [], state: LoadingState.Done }).pipe(observeOn(asapScheduler));
    return merge(...targets.map((target) => this.answer(target, request))).pipe(
      // An answer that comes at once would be subscribed to twice by Grafana.
      observeOn(asapScheduler),
      map((packet, index) => ({
        ...packet,
        state: index + 1 === targets.length ? LoadingState.Done : LoadingState.Loading,
      }))
    );
  }

  private answer(target: unknown, request: DataQueryRequest<ModelwatchQuery>): Observable<DataQueryResponse> {
    const refId = (target as Partial<ModelwatchQuery>).refId ?? 'A';
    const { targets: _targets, ...base } = request;
    return defer(() => {
      const query = decodeQuery(target);
      return answerQuery(query, this.resolve(query.filters, request.scopedVars), {
        prometheusUid: this.prometheusUid,
        api: this.exporter,
        alertmanagerUid: this.alertmanagerUid,
        request: base,
        nowMs: Date.now(),
      });
    }).pipe(
      catchError((error: unknown) => of({ key: refId, data: [], errors: [{ refId, message: errorText(error) }] }))
    );
  }

  /** In a file of its own: who looks at a dashboard does not test. */
  override async testDatasource(): Promise<Verdict> {
    const { checkHealth } = await import(/* webpackChunkName: "check" */ './api/health');
    return firstValueFrom(checkHealth(this.prometheusUid, this.exporter, Date.now()));
  }

  /** Filters with their variables replaced. */
  resolve(filters: ModelFilters | undefined, scopedVars?: ScopedVars): ResolvedFilters {
    const join = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(SEPARATOR) : String(value));
    return resolveFilters(filters, (text) => getTemplateSrv().replace(text, scopedVars, join).split(SEPARATOR));
  }

  /** Used by links to Explore and by "New alert rule". */
  override interpolateVariablesInQueries(queries: ModelwatchQuery[], scopedVars: ScopedVars): ModelwatchQuery[] {
    return queries.map((query) => ({
      ...query,
      datasource: this.getRef(),
      filters: storedFilters(this.resolve(query.filters, scopedVars)),
    }));
  }

  override filterQuery(query: ModelwatchQuery): boolean {
    return !query.hide;
  }

  override getDefaultQuery(_app: CoreApp): Partial<ModelwatchQuery> {
    return DEFAULT_QUERY;
  }

  /** Values of a label to choose from in an editor. */
  suggest(label: VariableLabel, filters: ModelFilters, range?: TimeRange): Promise<string[]> {
    const base = requestNow(`modelwatch-suggest-${label}`, Date.now());
    const request = { ...base, ...(range && { range }) };
    return firstValueFrom(labelValues(this.prometheusUid, request, label, this.resolve(filters)));
  }

  override getTagKeys(_options?: DataSourceGetTagKeysOptions<ModelwatchQuery>): Promise<MetricFindValue[]> {
    return Promise.resolve(TAG_KEYS.map((text) => ({ text })));
  }

  override async getTagValues({
    key,
    filters = [],
    timeRange,
  }: DataSourceGetTagValuesOptions<ModelwatchQuery>): Promise<MetricFindValue[]> {
    const label = TAG_KEYS.find((tag) => tag === key);
    if (!label) return [];
    const base = requestNow(`modelwatch-tags-${label}`, Date.now());
    const others: AdHocVariableFilter[] = filters.filter((filter) => filter.key !== key);
    const request = { ...base, ...(timeRange && { range: timeRange }), filters: others };
    const values = await firstValueFrom(labelValues(this.prometheusUid, request, label, NO_FILTERS));
    return values.map((text) => ({ text }));
  }
}
