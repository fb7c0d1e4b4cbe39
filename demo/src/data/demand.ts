/** logistics/demand-forecast: how many parcels will a depot have tomorrow? A number. */
import { round, type Draw, type Weights } from './draw';
import type { Amounts, DataModel, Row } from './types';

const DEPOTS: Weights = { Hamburg: 26, Berlin: 31, Lyon: 18, Milano: 15, Wien: 10 };
const SIZE: Readonly<Record<string, number>> = { Hamburg: 1.1, Berlin: 1.3, Lyon: 0.9, Milano: 0.8, Wien: 0.7 };
const WEEKDAY_FACTORS = [1.15, 1.05, 1, 1, 1.1, 0.6, 0.4];

function row(draw: Draw, amounts: Amounts): Row {
  const depot = draw.pick(DEPOTS);
  const weekday = Math.floor(draw.share() * 7);
  const lastWeek = Math.max(0, Math.round(draw.normal(1_000, 180) * (SIZE[depot] ?? 1)));
  const promotion = draw.chance(0.12);
  const temperature = round(draw.normal(12, 7), 1);
  const price = round(draw.logNormal(4.2, 0.15), 2);
  const measured = !(amounts('missing-column') > 0 && draw.chance(amounts('missing-column')));
  const features = {
    depot,
    weekday,
    parcels_last_week: lastWeek,
    promotion,
    price_eur: price,
    // A depot's thermometer fails now and then; where the column is gone, nobody sends it at all.
    ...(measured ? { temperature_c: draw.chance(0.01) ? null : temperature } : {}),
  };
  const seen = measured ? temperature : 0;
  const expected = lastWeek * (WEEKDAY_FACTORS[weekday] ?? 1) * (promotion ? 1.25 : 1);
  const prediction = expected * (1 - 0.004 * (seen - 12)) * (1 - 0.05 * (price - 4.2));
  const truth = expected * (1 - 0.004 * (temperature - 12)) * (1 - 0.05 * (price - 4.2)) * draw.normal(1, 0.06);
  return { features, prediction: round(prediction, 1), actual: Math.max(0, Math.round(truth)) };
}

export const DEMAND: DataModel = {
  namespace: 'logistics',
  model: 'demand-forecast',
  sending: 'cloudevents',
  rowsPerSecond: 8,
  target: 'parcels',
  predictionColumn: 'forecast',
  importance: {
    depot: 0.11,
    weekday: 0.31,
    parcels_last_week: 0.38,
    promotion: 0.09,
    price_eur: 0.04,
    temperature_c: 0.07,
  },
  profileFlags: ['--categorical', 'weekday', '--baseline', 'rmse=62.7', '--baseline', 'mae=46.1'],
  row,
};
