/** growth/next-best-offer: will a customer take the offer? A probability, of all customers in one nightly run. */
import { between, logistic, round, type Draw, type Weights } from './draw';
import type { Amounts, DataModel, Row } from './types';

const REGIONS: Weights = { north: 28, south: 34, east: 17, west: 21 };
const OFFERS: Weights = { upgrade: 40, addon: 35, renewal: 25 };

function row(draw: Draw, amounts: Amounts): Row {
  const bad = amounts('bad-batch');
  const offer = draw.pick(OFFERS);
  // The job upstream read an old table: months where days belong, and balances in cents.
  const days = Math.round(draw.exponential(between(bad, 45, 3)));
  const balance = round(Math.max(0, draw.normal(60, 25)) * between(bad, 1, 100), 2);
  const features = {
    days_since_contact: days,
    balance_eur: balance,
    region: draw.pick(REGIONS),
    offer,
    opened_last_mail: draw.chance(0.31),
  };
  const bonus = offer === 'renewal' ? 0.8 : 0;
  const chance = (waited: number, held: number) =>
    logistic(-1.2 - 0.015 * waited + 0.012 * Math.min(held, 200) + bonus + (features.opened_last_mail ? 0.6 : 0));
  // What comes true is of the customers, and not of what the job read of them.
  const truth = bad > 0 ? chance(45, 60) : chance(days, balance);
  return { features, prediction: round(chance(days, balance), 4), actual: draw.chance(truth) };
}

export const OFFERS_MODEL: DataModel = {
  namespace: 'growth',
  model: 'next-best-offer',
  sending: 'batch',
  rowsPerSecond: 5,
  // A night is two minutes long.
  batchSeconds: 120,
  batches: { last: 10, failing: 2 },
  target: 'accepted',
  predictionColumn: 'probability',
  importance: { days_since_contact: 0.34, balance_eur: 0.27, region: 0.03, offer: 0.2, opened_last_mail: 0.16 },
  profileFlags: [],
  row,
};
