/** What the panel is shown in the workbench: fleets and every state, by name. */
import { createDataFrame, FieldType, LoadingState, type DataFrame } from '@grafana/data';
import { HEALTH_STATES, RECORDED, type HealthState } from '@modelwatch/contract';
import {
  accuracyFrames,
  ACCURACY_RANGE_MS,
  binaryDetails,
  calmAccuracy,
  fewDetails,
  fleetAccuracy,
  manyClasses,
  noPairs,
  regressionDetails,
} from './mockAccuracy';
import { alertsFrame, MOCK_ALERTS, unreachable } from './mockAlerts';
import { DETECTORS, detectorsFrame } from './mockDetectors';
import {
  calmDrift,
  categoricalDistribution,
  driftFrames,
  DRIFT_RANGE_MS,
  driftWithPredictions,
  fewDistribution,
  numericDistribution,
  wideDrift,
} from './mockDrift';
import { AWKWARD, FIXTURE_NOW_MS, largeFleet, MOCK_FLEET } from './mockFleet';
import { framesOf } from './mockFrames';
import { etaCourier, manySlos, MOCK_SLOS, oneSlo, SLO_RANGE_MS, statusFrame } from './mockSlo';

export interface Fixture {
  readonly state: LoadingState;
  readonly series: DataFrame[];
  readonly error?: string;
  /** Of the dashboard, where it is not that of the fleet. */
  readonly rangeMs?: number;
  /** Of the frame. */
  readonly title?: string;
  /** Asks for a view where no frame can tell. */
  readonly view?: 'drift' | 'accuracy' | 'slo' | 'alerts';
}

function done(series: DataFrame[]): Fixture {
  return { state: LoadingState.Done, series };
}

function drift(title: string, series: DataFrame[]): Fixture {
  return { state: LoadingState.Done, series, title, rangeMs: DRIFT_RANGE_MS, view: 'drift' };
}

function accuracy(title: string, series: DataFrame[]): Fixture {
  return { state: LoadingState.Done, series, title, rangeMs: ACCURACY_RANGE_MS, view: 'accuracy' };
}

function alerts(...series: DataFrame[]): Fixture {
  return { state: LoadingState.Done, series, title: 'Alerts', view: 'alerts' };
}

function slo(title: string, series: DataFrame[]): Fixture {
  return { state: LoadingState.Done, series, title, rangeMs: SLO_RANGE_MS, view: 'slo' };
}

const nothing = { score: null, since: null, scoreBefore: null };

/** A plain Prometheus answer: one 0/1 series per model and health at one moment. */
function prometheusAnswer(timeMs: number, value: (name: string, health: HealthState) => number | null): DataFrame[] {
  return MOCK_FLEET.flatMap(({ namespace, name }) =>
    HEALTH_STATES.map((health) =>
      createDataFrame({
        refId: 'A',
        fields: [
          { name: 'Time', type: FieldType.time, values: [timeMs] },
          {
            name: 'Value',
            type: FieldType.number,
            labels: { __name__: RECORDED.modelHealth.name, namespace, model: name, health },
            values: [value(name, health)],
          },
        ],
      })
    )
  );
}

const holds = (name: string, health: HealthState): number =>
  MOCK_FLEET.find((one) => one.name === name)?.health === health ? 1 : 0;

const FIXTURES = {
  fleet: () => done(framesOf(MOCK_FLEET)),
  large: () => done(framesOf(largeFleet(), false)),
  alerts: () => alerts(alertsFrame(MOCK_ALERTS)),
  'alerts-unreachable': () =>
    alerts(
      unreachable(MOCK_ALERTS.slice(0, 2).map((one) => ({ ...one, inhibited_by: undefined, receivers: undefined })))
    ),
  'alerts-none': () => alerts(alertsFrame([])),
  'alerts-quiet-unreachable': () => alerts(unreachable([])),
  'alerts-unwatched': () => alerts(alertsFrame([], undefined, false)),
  slo: () => slo('SLO status', [statusFrame(MOCK_SLOS)]),
  'slo-many': () => slo('SLO status', [manySlos()]),
  'slo-one': () => slo('SLO, eta-courier', [oneSlo('eta-courier'), ...etaCourier()]),
  'slo-ticket': () => slo('SLO, chargeback-risk', [oneSlo('chargeback-risk'), ...etaCourier(0.38)]),
  'slo-few': () => slo('SLO, ltv-forecast', [oneSlo('ltv-forecast')]),
  'slo-stale': () => slo('SLO, demand-forecast', [oneSlo('demand-forecast')]),
  'slo-idle': () => slo('SLO, translate-batch', [oneSlo('translate-batch'), ...etaCourier(0.91)]),
  'slo-met': () => slo('SLO status', [statusFrame(MOCK_SLOS.filter(({ burn = 2 }) => burn <= 1))]),
  loading: () => ({ state: LoadingState.Loading, series: [] }),
  empty: () => done([]),
  error: () => ({
    state: LoadingState.Error,
    series: [],
    error: 'Prometheus answered 422: query touches 11,204,113 samples, limit 10,000,000.',
  }),
  'large-stale': () =>
    done(
      framesOf(
        largeFleet().map((one) => ({ ...one, ageSeconds: 26 * 60 })),
        false
      )
    ),
  'error-beside-series': () => ({
    state: LoadingState.Error,
    series: framesOf(MOCK_FLEET),
    error: 'The exporter does not answer: connection refused.',
  }),
  stale: () => done(framesOf(MOCK_FLEET.map((one) => ({ ...one, ageSeconds: 26 * 60 })))),
  alone: () => done(framesOf(MOCK_FLEET.filter(({ name }) => name === 'chargeback-risk'))),
  'too-little': () => done(framesOf(MOCK_FLEET.filter(({ name }) => name === 'ltv-forecast'))),
  healthy: () =>
    done(
      framesOf(
        MOCK_FLEET.map((one) => {
          const { namespace, name, ageSeconds, history } = one;
          const troubles = history?.filter(([, to]) => to < 1);
          return {
            namespace,
            name,
            health: 'healthy',
            replicas: [2, 2],
            ageSeconds: Math.min(14, ageSeconds),
            history: troubles,
          };
        })
      )
    ),
  awkward: () => done(framesOf(AWKWARD)),
  refusal: () =>
    done([
      createDataFrame({
        fields: [
          { name: 'Time', type: FieldType.time, values: [FIXTURE_NOW_MS] },
          { name: 'cpu', type: FieldType.number, labels: { pod: 'a' }, values: [0.4] },
        ],
      }),
    ]),
  prometheus: () => done(prometheusAnswer(FIXTURE_NOW_MS, holds)),
  'prometheus-old': () =>
    done(prometheusAnswer(FIXTURE_NOW_MS - 20 * 60_000, (_, health) => (health === 'healthy' ? 1 : 0))),
  /** Something is known of each model, but nobody says how it is. */
  'prometheus-missing': () =>
    done(
      MOCK_FLEET.map(({ namespace, name, replicas }) =>
        createDataFrame({
          refId: 'A',
          fields: [
            { name: 'Time', type: FieldType.time, values: [FIXTURE_NOW_MS] },
            {
              name: 'Value',
              type: FieldType.number,
              labels: { __name__: RECORDED.modelReplicasAvailable.name, namespace, model: name },
              values: [replicas[0]],
            },
          ],
        })
      )
    ),
  'prometheus-null': () => done(prometheusAnswer(FIXTURE_NOW_MS, () => null)),
  drift: () => drift('Drift, chargeback-risk', driftFrames()),
  'drift-scores-only': () => drift('Drift by importance, chargeback-risk', driftFrames().slice(0, 1)),
  'drift-predictions': () => drift('Drift, chargeback-risk', driftWithPredictions()),
  'drift-wide': () => drift('Drift, wide-model', wideDrift(60, 60)),
  'drift-hours': () => drift('Drift, wide-model', wideDrift(14, 300)),
  'drift-calm': () => drift('Drift, aml-triage', calmDrift()),
  'drift-few': () =>
    drift('Drift, ltv-forecast', driftFrames(() => ({ ...nothing, state: 'too_little_data', rows: 41 })).slice(0, 1)),
  'drift-stale': () =>
    drift(
      'Drift, chargeback-risk',
      driftFrames(() => ({ ...nothing, state: 'stale', rows: 0 }))
    ),
  'drift-no-reference': () =>
    drift(
      'Drift, card-limit',
      driftFrames(() => ({ ...nothing, state: null, reference: null, referenceName: null })).slice(0, 1)
    ),
  'drift-wrong': () =>
    drift(
      'Drift, chargeback-risk',
      driftFrames(() => ({ state: 'green' }))
    ),
  'drift-detectors': () => drift('Drift, chargeback-risk', [...driftFrames(), detectorsFrame(DETECTORS)]),
  'drift-detectors-calm': () => drift('Drift, aml-triage', [...calmDrift(), detectorsFrame(DETECTORS)]),
  'drift-detectors-only': () => drift('Drift, chargeback-risk', [detectorsFrame(DETECTORS.slice(1))]),
  'drift-empty': () => drift('Drift', []),
  'drift-loading': () => ({ ...drift('Drift', []), state: LoadingState.Loading }),
  'drift-error': () => ({
    ...drift('Drift', []),
    state: LoadingState.Error,
    error: 'Prometheus answered 422: query touches 11,204,113 samples, limit 10,000,000.',
  }),
  'distribution-categorical': () => drift('merchant_country', categoricalDistribution()),
  'distribution-numeric': () => drift('account_age_days', numericDistribution()),
  'distribution-few': () => drift('account_age_days, ltv-forecast', fewDistribution()),
  accuracy: () => accuracy('Accuracy, chargeback-risk', [...accuracyFrames(), ...binaryDetails()]),
  'accuracy-scores': () => accuracy('Accuracy, chargeback-risk', accuracyFrames()),
  'accuracy-fleet': () => accuracy('Accuracy', fleetAccuracy(40)),
  'accuracy-calm': () => accuracy('Accuracy, aml-triage', calmAccuracy()),
  'accuracy-details': () => accuracy('Accuracy in detail, chargeback-risk', binaryDetails()),
  'accuracy-classes': () => accuracy('Accuracy in detail, bird-vision', manyClasses()),
  'accuracy-regression': () => accuracy('Accuracy in detail, eta-courier', regressionDetails()),
  'accuracy-few': () =>
    accuracy('Accuracy, ltv-forecast', [
      ...accuracyFrames(() => ({ ...nothing, state: 'too_little_data', pairs: 61 })).slice(0, 1),
      ...fewDetails(),
    ]),
  'accuracy-few-details': () => accuracy('Accuracy in detail', fewDetails()),
  'accuracy-waiting': () =>
    accuracy(
      'Accuracy, chargeback-risk',
      accuracyFrames(() => ({ ...nothing, state: 'too_little_data', pairs: 0, lastPair: null })).slice(0, 1)
    ),
  'accuracy-no-pairs': () => accuracy('Accuracy in detail', noPairs()),
  'accuracy-stale': () =>
    accuracy(
      'Accuracy, chargeback-risk',
      accuracyFrames(() => ({ ...nothing, state: 'stale', pairs: 0 }))
    ),
  'accuracy-no-limit': () =>
    accuracy(
      'Accuracy, card-limit',
      accuracyFrames(() => ({ state: null, warning: null, critical: null, since: null })).slice(0, 1)
    ),
  'accuracy-wrong': () =>
    accuracy(
      'Accuracy, chargeback-risk',
      accuracyFrames(() => ({ state: 'green' }))
    ),
  'accuracy-empty': () => accuracy('Accuracy', []),
  'accuracy-loading': () => ({ ...accuracy('Accuracy', []), state: LoadingState.Loading }),
  'accuracy-error': () => ({
    ...accuracy('Accuracy', []),
    state: LoadingState.Error,
    error: 'Prometheus answered 422: query touches 11,204,113 samples, limit 10,000,000.',
  }),
  'drift-accuracy': () => drift('Drift and accuracy, chargeback-risk', [...driftFrames(), ...accuracyFrames()]),
} satisfies Record<string, () => Fixture>;

export type FixtureName = keyof typeof FIXTURES;

export function isFixtureName(name: string | null): name is FixtureName {
  return name !== null && name in FIXTURES;
}

export function fixture(name: FixtureName): Fixture {
  return FIXTURES[name]();
}
