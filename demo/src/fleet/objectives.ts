/** What is promised of the models, in the short form of the exporter's configuration. */

const RISK = { namespaces: ['payments'], names: ['chargeback-risk'] };
const CHURN = { namespaces: ['growth'], names: ['churn-v2'] };
const DEMAND = { namespaces: ['logistics'], names: ['demand-forecast'] };

/** Thresholds are bounds that the servers have; Envoy for the first two, vLLM for the third. */
export const OBJECTIVES: readonly Readonly<Record<string, unknown>>[] = [
  { name: 'answered', indicator: 'availability', objective: 0.99, description: 'Requests are answered' },
  { name: 'fast', models: CHURN, indicator: 'latency', thresholdSeconds: 0.1, objective: 0.95 },
  {
    ...{ name: 'fast', indicator: 'latency', thresholdSeconds: 1, objective: 0.95 },
    models: { namespaces: ['payments'], names: ['kyc-documents'] },
  },
  {
    ...{ name: 'first-token', indicator: 'first_token', thresholdSeconds: 1, objective: 0.95 },
    models: { namespaces: ['support'], names: ['toxicity-filter'] },
  },
  ...[RISK, CHURN, DEMAND].flatMap((models) => [
    { name: 'fresh', models, indicator: 'freshness', thresholdSeconds: 300, objective: 0.99 },
    { name: 'no-drift', models, indicator: 'drift', objective: 0.95 },
  ]),
  // Its baseline is 0.83; turned labels and a fraud that it does not know bring it below.
  { name: 'auc-floor', models: RISK, indicator: 'accuracy', metric: 'auc', atLeast: 0.79, objective: 0.95 },
];
