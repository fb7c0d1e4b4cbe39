/** What is strange, as far as it is more than an expression of an alert. */
import { ofModel, series, type RecordedSeries } from './series';

export const RECORDED_SIGNALS = {
  serverImageChanged: series(
    'server_image_changed_timestamp_seconds',
    ['cluster', 'namespace', 'server', 'container_name', 'image'],
    'When another digest was first seen under the name of an image of the server; for a day.'
  ),
  modelStorageChanged: ofModel(
    'model_storage_changed_timestamp_seconds',
    [],
    'When the resource of the model was first seen to name another place to load it from while its generation did not grow; for a day.'
  ),
} as const satisfies Record<string, RecordedSeries>;
