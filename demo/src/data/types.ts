/** Models whose data the demo makes up: what they are asked, what they answer, and what came true. */
import type { DataScenarioName } from '../types';
import type { Draw } from './draw';

export type Value = string | number | boolean | null;

export interface Row {
  readonly features: Readonly<Record<string, Value>>;
  readonly prediction: number;
  /** What the challenger of the model answers. */
  readonly challenger?: number;
  readonly actual: number | boolean;
}

/** How far each scenario has gone, 0 to 1; one that is off is 0. */
export type Amounts = (scenario: DataScenarioName) => number;

/** How the events of a model come to Modelwatch. */
export type Sending =
  /** JSON of our own, in batches. */
  | 'batch'
  /** CloudEvents, as KServe's logger posts a request and its response. */
  | 'cloudevents'
  /** Bodies of the Open Inference Protocol. */
  | 'open-inference';

export interface DataModel {
  readonly namespace: string;
  readonly model: string;
  readonly version?: string;
  readonly sending: Sending;
  readonly rowsPerSecond: number;
  /** A model that gets the same rows, whose answers come as those of this candidate. */
  readonly challenger?: string;
  /** As `monitoring.models` of the exporter has them. */
  readonly customMetrics?: readonly object[];
  /** The same. */
  readonly fairness?: object;
  /** Probability from which something is done. */
  readonly decisionThreshold?: number;
  /** The rows of so many seconds come at once, each time as a batch of its own. */
  readonly batchSeconds?: number;
  /** As `monitoring.models` of the exporter has them. */
  readonly batches?: object;
  /** Of rows that may be looked at, likewise. */
  readonly exploration?: object;
  /** Name of the column with the true outcome, and of the one with the prediction, in the training data. */
  readonly target: string;
  readonly predictionColumn: string;
  /** Share of the model that each feature carries; the generator has it so, roughly. */
  readonly importance: Readonly<Record<string, number>>;
  /** Flags of `modelwatch profile`, beside those that follow from the above. Baselines are of 20,000 other rows. */
  readonly profileFlags: readonly string[];
  readonly row: (draw: Draw, amounts: Amounts) => Row;
}
