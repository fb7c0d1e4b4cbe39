/** Objectives of the mock-ups as the frames that the data source gives. */
import { createDataFrame, FieldType, type DataFrame } from '@grafana/data';
import {
  ALERTS,
  SLO_BUDGET_FIELDS as B,
  SLO_EVENT_FIELDS as E,
  SLO_STATUS_FIELDS as F,
  SLO_TIER_FIELDS as T,
  type FrameKind,
  type SloState,
} from '@modelwatch/contract';
import { FIXTURE_NOW_MS, seeded } from './mockFleet';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
export const SLO_RANGE_MS = 6 * 3_600_000;
const WINDOW_DAYS = 30;

function mark(kind: FrameKind) {
  return { custom: { modelwatch: { kind, answeredAtMs: FIXTURE_NOW_MS } } };
}

export interface MockSlo {
  readonly model: string;
  readonly namespace: string;
  readonly indicator: string;
  readonly threshold?: number;
  readonly objective: number;
  readonly left?: number;
  readonly before?: number;
  readonly burn?: number;
  readonly state: SloState;
  readonly minutes?: number;
  readonly severity?: 'page' | 'ticket';
  readonly events?: number;
  readonly reason?: string;
}

const AVAILABLE = { indicator: 'availability' };
const latency = (threshold: number) => ({ indicator: 'latency', threshold });

export const MOCK_SLOS: readonly MockSlo[] = [
  {
    model: 'fraud-scorer',
    namespace: 'payments',
    ...AVAILABLE,
    objective: 0.999,
    left: -0.07,
    burn: 617,
    state: 'spent',
    minutes: 3,
    severity: 'page',
    reason: 'Burns 617× over 1 h and 5 min',
  },
  {
    model: 'eta-courier',
    namespace: 'logistics',
    ...AVAILABLE,
    objective: 0.995,
    left: 0.24,
    burn: 16,
    state: 'page',
    minutes: 5,
    severity: 'page',
    events: 15_700_000,
    reason: 'Burns 16× over 1 h and 5 min',
  },
  {
    model: 'summary-llm',
    namespace: 'support',
    indicator: 'first_token',
    threshold: 2,
    objective: 0.95,
    left: 0.31,
    burn: 3.1,
    state: 'met',
  },
  {
    model: 'churn-v2',
    namespace: 'growth',
    ...latency(0.3),
    objective: 0.99,
    left: 0.58,
    burn: 3.4,
    state: 'ticket',
    minutes: 1560,
    severity: 'ticket',
    reason: 'Burns 3.2× over 1 d and 2 h',
  },
  {
    model: 'chargeback-risk',
    namespace: 'payments',
    ...latency(0.15),
    objective: 0.99,
    left: 0.38,
    burn: 1.6,
    state: 'ticket',
    minutes: 3120,
    severity: 'ticket',
    reason: 'Burns 1.7× over 3 d and 6 h',
  },
  {
    model: 'demand-forecast',
    namespace: 'logistics',
    ...AVAILABLE,
    objective: 0.99,
    before: 0.71,
    state: 'stale',
    minutes: 26,
  },
  {
    model: 'ltv-forecast',
    namespace: 'growth',
    ...AVAILABLE,
    objective: 0.999,
    state: 'too_little_data',
    events: 41,
    reason: '41 of 1000 events: one bad one would spend 24 budgets',
  },
  {
    model: 'translate-batch',
    namespace: 'support',
    ...AVAILABLE,
    objective: 0.99,
    left: 0.91,
    state: 'idle',
    minutes: 300,
  },
  {
    model: 'route-cost',
    namespace: 'logistics',
    ...latency(0.08),
    objective: 0.99,
    left: 0.62,
    burn: 0.7,
    state: 'met',
  },
  { model: 'intent-router', namespace: 'support', ...AVAILABLE, objective: 0.999, left: 0.74, burn: 0.4, state: 'met' },
  { model: 'card-limit', namespace: 'payments', ...AVAILABLE, objective: 0.9995, left: 0.88, burn: 0.3, state: 'met' },
  { model: 'aml-triage', namespace: 'payments', ...AVAILABLE, objective: 0.999, left: 0.97, burn: 0.1, state: 'met' },
];

type Cell = string | number | null;

function table(
  kind: FrameKind,
  rows: ReadonlyArray<Readonly<Record<string, Cell>>>,
  timeFields: readonly string[] = []
): DataFrame {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return createDataFrame({
    meta: mark(kind),
    fields: names.map((name) => {
      const values = rows.map((row) => row[name] ?? null);
      const isText = values.some((value) => typeof value === 'string');
      const type = timeFields.includes(name) ? FieldType.time : isText ? FieldType.string : FieldType.number;
      return { name, type, values };
    }),
  });
}

function orNull<T extends Cell>(value: T | undefined): T | null {
  return value ?? null;
}

/** A million of each, where a mock says nothing else. */
function eventsOf({ events, left }: MockSlo): number | null {
  return events ?? (left === undefined ? null : 1_000_000);
}

export function statusFrame(slos: readonly MockSlo[]): DataFrame {
  return table(
    'slo-status',
    slos.map((one): Record<string, Cell> => {
      const { left, burn, objective } = one;
      const attained = left === undefined ? null : 1 - (1 - left) * (1 - objective);
      return {
        [F.namespace]: one.namespace,
        [F.model]: one.model,
        [F.slo]: one.indicator === 'availability' ? 'answered' : 'fast',
        [F.state]: one.state,
        [F.since]: one.minutes === undefined ? null : FIXTURE_NOW_MS - one.minutes * MINUTE_MS,
        [F.indicator]: one.indicator,
        [F.method]: 'occurrences',
        [F.objective]: objective,
        [F.threshold]: orNull(one.threshold),
        [F.thresholdOp]: one.threshold === undefined ? null : 'lte',
        [F.window]: '30d',
        [F.attained]: attained,
        [F.budgetLeft]: orNull(left),
        [F.budgetLeftBefore]: orNull(one.before),
        [F.burn]: orNull(burn),
        [F.burnShort]: burn === undefined ? null : burn * 1.15,
        [F.pageFrom]: 6,
        [F.pageTo]: 14.4,
        [F.severity]: orNull(one.severity),
        [F.exhaustion]: burn && left !== undefined ? (Math.max(0, left) * WINDOW_DAYS * 86_400) / burn : null,
        [F.events]: eventsOf(one),
        [F.badEvents]: attained === null ? null : (1 - attained) * (eventsOf(one) ?? 0),
        [F.eventsNeeded]: Math.ceil(1 / (1 - objective) - 1e-6),
        [F.reason]: orNull(one.reason),
      };
    }),
    [F.since]
  );
}

/** Begin and length in days before now, and share of the budget. */
const DROPS = [
  [-27.5, 0.34, 0.18],
  [-10, 0.25, 0.21],
  [-0.036, 0.036, 0.022],
] as const;
const ROLLOUTS = [
  [-27.6, 'v29'],
  [-10.1, 'v30'],
  [-0.1, 'v31'],
] as const;
const STEP_DAYS = 1 / 12;

/** eta-courier of the mock-ups: three drops, and slow spending all along. */
export function etaCourier(left = 0.24): DataFrame[] {
  const random = seeded(11);
  const steps = Math.round(WINDOW_DAYS / STEP_DAYS);
  const named = DROPS.reduce((sum, [, , share]) => sum + share, 0);
  const background = (1 - left - named) / steps;
  let rest = 1;
  const rows = Array.from({ length: steps }, (_, index) => {
    const to = -WINDOW_DAYS + (index + 1) * STEP_DAYS;
    const from = to - STEP_DAYS;
    const dropped = DROPS.reduce((sum, [begin, length, share]) => {
      const overlap = Math.min(begin + length, to) - Math.max(begin, from);
      return sum + (overlap > 0 ? (share * overlap) / length : 0);
    }, 0);
    const spent = dropped + background * (0.5 + random());
    rest -= spent;
    return { [B.time]: FIXTURE_NOW_MS + to * DAY_MS, [B.budgetLeft]: rest, [B.spent]: spent };
  });
  const event = (
    day: number,
    end: number | null,
    kind: string,
    title: string,
    severity: string | null,
    slo: string | null = null
  ) => ({
    [E.time]: FIXTURE_NOW_MS + day * DAY_MS,
    [E.end]: end === null ? null : FIXTURE_NOW_MS + end * DAY_MS,
    [E.kind]: kind,
    [E.title]: title,
    [E.severity]: severity,
    [E.slo]: slo,
  });
  const events = [
    ...ROLLOUTS.map(([day, version]) => event(day, null, 'rollout', version, null)),
    event(-27.4, -27.2, 'alert', ALERTS.sloFastBurn, 'critical', 'answered'),
    event(-9.9, -9.78, 'alert', ALERTS.sloFastBurn, 'critical', 'answered'),
    event(-9.8, -9.7, 'alert', ALERTS.sloFastBurn, 'critical', 'fast'),
    event(-9.8, -9.7, 'alert', ALERTS.errors, 'critical'),
    event(-0.0035, null, 'alert', ALERTS.sloFastBurn, 'critical', 'answered'),
  ];
  return [table('slo-budget', rows, [B.time]), table('slo-events', events, [E.time, E.end]), ...burnFrames()];
}

function burnFrames(): DataFrame[] {
  const random = seeded(23);
  const days = Array.from({ length: 360 }, (_, index) => -WINDOW_DAYS + (index + 1) * STEP_DAYS);
  const burn = days.map((day) => {
    if (day > -27.5 && day < -27.1) return 16;
    if (day > -10 && day < -9.7) return 25;
    return day > -0.09 ? 16 : 0.45 + 0.25 * Math.sin(day * 6.28) + random() * 0.25;
  });
  const tier = (severity: string, long: string, short: string, line: number) => ({
    [T.severity]: severity,
    [T.long]: long,
    [T.short]: short,
    [T.line]: line,
    [T.holds]: line === 14.4 ? 'yes' : 'no',
  });
  return [
    createDataFrame({
      meta: mark('slo-burn'),
      fields: [
        { name: 'time', type: FieldType.time, values: days.map((day) => FIXTURE_NOW_MS + day * DAY_MS) },
        { name: 'burn', type: FieldType.number, labels: { window: '1h', slo: 'answered' }, values: burn },
      ],
    }),
    table('slo-tiers', [tier('page', '1h', '5m', 14.4), tier('page', '6h', '30m', 6), tier('ticket', '3d', '6h', 1)]),
  ];
}

export function oneSlo(model: string): DataFrame {
  return statusFrame(MOCK_SLOS.filter((one) => one.model === model));
}

/** A thousand objectives, most of them met. */
export function manySlos(): DataFrame {
  const random = seeded(7);
  return statusFrame(
    Array.from({ length: 1000 }, (_, index): MockSlo => {
      const troubled = index % 40 === 0 ? MOCK_SLOS[(index / 40) % 8] : undefined;
      const calm = {
        ...AVAILABLE,
        objective: 0.999,
        left: 0.4 + 0.6 * random(),
        burn: random(),
        state: 'met' as const,
      };
      return { ...(troubled ?? calm), namespace: `team-${index % 14}`, model: `model-${index + 1}` };
    })
  );
}
