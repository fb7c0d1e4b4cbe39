/** growth/churn-v2: will a customer leave within the month? A probability; who may leave gets an offer to stay. */
import { between, logistic, round, type Draw, type Weights } from './draw';
import type { Amounts, DataModel, Row } from './types';

const PLANS: Weights = { basic: 44, plus: 31, family: 17, student: 8 };
const CHANNELS: Weights = { app: 52, web: 33, phone: 10, shop: 5 };
/** No feature of the model, and nothing that leaving depends on: all ages are to get offers alike. */
const AGE_GROUPS: Weights = { '35-54': 38, '18-34': 34, '55+': 28 };
const UNFAIR_TO = '55+';
/** By how much, in logarithms of odds, the probability of that group is too low with the scenario `unfair-group`. */
const UNFAIR_BY = 0.5;
const FEES: Readonly<Record<string, number>> = { basic: 9.99, plus: 14.99, family: 22.99, student: 5.99 };

function row(draw: Draw, amounts: Amounts): Row {
  const gradual = amounts('gradual-shift');
  const plan = draw.pick(PLANS);
  const tenure = Math.round(Math.min(120, draw.exponential(between(gradual, 26, 14))));
  const fee = round((FEES[plan] ?? 9.99) * draw.normal(1, 0.05) * between(gradual, 1, 1.03), 2);
  const logins = Math.round(draw.exponential(between(gradual, 11, 6)));
  const tickets = Math.floor(draw.exponential(0.7));
  const features = {
    tenure_months: tenure,
    plan,
    monthly_fee_eur: fee,
    logins_30d: logins,
    support_tickets_90d: tickets,
    channel: draw.pick(CHANNELS),
    autopay: draw.chance(0.64),
    discount_ratio: round(Math.max(0, draw.normal(0.08, 0.06)), 3),
  };
  const odds = -0.9 - 0.03 * tenure - 0.09 * logins + 0.5 * tickets + 0.03 * fee;
  const actual = draw.chance(logistic(odds));
  const age_group = draw.pick(AGE_GROUPS);
  const unfair = age_group === UNFAIR_TO ? UNFAIR_BY * amounts('unfair-group') : 0;
  return { features: { ...features, age_group }, prediction: round(logistic(odds - unfair), 4), actual };
}

export const CHURN: DataModel = {
  namespace: 'growth',
  model: 'churn-v2',
  sending: 'open-inference',
  rowsPerSecond: 12,
  target: 'churned',
  predictionColumn: 'probability',
  importance: {
    ...{ tenure_months: 0.29, plan: 0.08, monthly_fee_eur: 0.12, logins_30d: 0.27, support_tickets_90d: 0.18 },
    ...{ channel: 0.02, autopay: 0.02, discount_ratio: 0.02 },
  },
  profileFlags: ['--exclude', 'age_group', '--segment', 'age_group', '--baseline', 'auc=0.74'],
  decisionThreshold: 0.2,
  fairness: { protected: [{ column: 'age_group', referenceGroup: '35-54' }], favourableClass: 'true' },
  row,
};
