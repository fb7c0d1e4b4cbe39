import { DataSourcePlugin } from '@grafana/data';
import { ModelwatchDataSource } from './datasource';
import { ConfigEditor, QueryEditor } from './editors/lazy';
import type { ModelwatchOptions, ModelwatchSecrets } from './options';
import type { ModelwatchQuery } from './query/types';

export const plugin = new DataSourcePlugin<ModelwatchDataSource, ModelwatchQuery, ModelwatchOptions, ModelwatchSecrets>(
  ModelwatchDataSource
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor);
