import {
  createDataFrame,
  CustomVariableSupport,
  FieldType,
  type DataQueryRequest,
  type DataQueryResponse,
} from '@grafana/data';
import { PREDICTIONS_VALUE } from '@modelwatch/contract';
import { defer, map, type Observable } from 'rxjs';
import { labelValues } from './api/labelValues';
import type { ModelwatchDataSource } from './datasource';
import { VariableQueryEditor } from './editors/lazy';
import { decodeVariableQuery } from './query/decode';
import type { VariableQuery } from './query/types';

function textOf(value: string): string {
  return value === PREDICTIONS_VALUE ? 'predictions' : value;
}

/** Dashboard variables: the values of a label, over the models that match. */
export class ModelwatchVariables extends CustomVariableSupport<ModelwatchDataSource, VariableQuery> {
  constructor(private readonly datasource: ModelwatchDataSource) {
    super();
  }

  editor = VariableQueryEditor;

  query = (request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> =>
    defer(() => {
      const { label, filters } = decodeVariableQuery(request.targets[0]);
      const resolved = this.datasource.resolve(filters, request.scopedVars);
      return labelValues(this.datasource.prometheusUid, request, label, resolved);
    }).pipe(
      map((values) => ({
        data: [
          createDataFrame({
            fields: [
              { name: 'text', type: FieldType.string, config: {}, values: values.map(textOf) },
              { name: 'value', type: FieldType.string, config: {}, values },
            ],
          }),
        ],
      }))
    );
}
