/** Whether models could serve, for shares over any window. */
import { ofModel, type RecordedSeries } from './series';

export const RECORDED_UPTIME = {
  modelUp: ofModel(
    'model_up',
    [],
    '1 while the model could serve, 0 while it could not; absent while nobody knows, and where nobody asked it to. Its avg_over_time is the uptime.'
  ),
} as const satisfies Record<string, RecordedSeries>;
