import { DataSourcePlugin } from '@grafana/data';
import { ModelwatchDataSource } from './datasource';
import { ConfigEditor } from './editors/ConfigEditor';
import { QueryEditor } from './editors/QueryEditor';
import type { ModelwatchOptions, ModelwatchSecrets } from './options';
import type { ModelwatchQuery } from './query/types';

export const plugin = new DataSourcePlugin<ModelwatchDataSource, ModelwatchQuery, ModelwatchOptions, ModelwatchSecrets>(
  ModelwatchDataSource
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor);
