/** Which predictions of a model go to the prediction log, and what of them. */
import type { Redaction } from './exploration/settings';

export interface PredictionLogSettings extends Redaction {
  readonly enabled: boolean;
  /** Features that are logged as a hash with the key of the exporter; masked where it has none. */
  readonly hashed?: readonly string[] | undefined;
  /** Share of the predictions that is logged. */
  readonly sampleRatio?: number | undefined;
}
