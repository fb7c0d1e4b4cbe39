/** payments/chargeback-risk: will a card payment be charged back? A probability. */
import { between, logistic, round, type Draw, type Weights } from './draw';
import { CUSTOM_METRICS } from './reviews';
import type { Amounts, DataModel, Row } from './types';

const COUNTRIES: Weights = {
  US: 29,
  DE: 18,
  GB: 14,
  FR: 10,
  NL: 7.8,
  ES: 5.9,
  IT: 5.1,
  PL: 3.6,
  BR: 2.1,
  SE: 2,
  PT: 1.5,
  IE: 1,
};
const DEVICES: Weights = { mobile: 58, desktop: 35, tablet: 7 };
const DOMAINS: Weights = {
  'gmail.com': 46,
  'outlook.com': 18,
  'icloud.com': 12,
  'gmx.de': 7,
  'yahoo.com': 9,
  corporate: 8,
};
const CURRENCIES: Weights = { EUR: 48, USD: 31, GBP: 15, PLN: 4, SEK: 2 };
const MCCS: Weights = { '5411': 24, '5812': 18, '5732': 13, '4111': 11, '5651': 15, '7995': 4, '5999': 15 };

/** Where the risk lies in the training data; what a shift brings, the model knows nothing of. */
const RISKY_COUNTRIES = ['BR', 'US'];

/** The challenger does without the count of transactions, and takes the mean for it. */
const TRANSACTIONS_WEIGHT = 0.35;
const USUAL_TRANSACTIONS = 2.2;
/** A new kind of fraud, which the challenger was trained on and the champion was not. */
const FRAUD_DEVICES = ['desktop', 'tablet'];
const FRAUD_WEIGHT = 2.5;

function row(draw: Draw, amounts: Amounts): Row {
  const sudden = amounts('sudden-shift');
  const country = sudden > 0 && draw.chance(0.12 * sudden) ? draw.pick({ BR: 8, MX: 2, AR: 1 }) : draw.pick(COUNTRIES);
  const age = Math.round(Math.min(2_400, draw.exponential(between(sudden, 420, 265))));
  const amount = round(draw.logNormal(48, 0.9), 2);
  const domain =
    amounts('new-category') > 0 && draw.chance(0.14 * amounts('new-category'))
      ? draw.pick({ 'mail.example': 3, 'inbox.example': 1 })
      : draw.pick(DOMAINS);
  const transactions = Math.round(draw.exponential(2.2));
  const distance = round(draw.exponential(90), 1);
  const features = {
    merchant_country: country,
    account_age_days: age,
    amount_eur: amount,
    email_domain: domain,
    n_tx_24h: transactions,
    ip_distance_km: draw.chance(0.03) ? null : distance,
    device_type: draw.pick(DEVICES),
    mcc: draw.pick(MCCS),
    avg_ticket_30d: round(draw.logNormal(44, 0.6), 2),
    hour_of_day: Math.floor(draw.share() * 24),
    currency: draw.pick(CURRENCIES),
    is_recurring: draw.chance(0.22),
  };
  const known =
    -3.4 +
    1.1 * Math.log(amount / 48) +
    0.004 * distance -
    0.0016 * age +
    (RISKY_COUNTRIES.includes(country) ? 0.8 : 0);
  const probability = logistic(known + TRANSACTIONS_WEIGHT * transactions);
  const fraud = FRAUD_WEIGHT * amounts('challenger-ahead') * (FRAUD_DEVICES.includes(features.device_type) ? 1 : 0);
  const isCharged = draw.chance(logistic(known + TRANSACTIONS_WEIGHT * transactions + fraud));
  const isFlipped = amounts('label-flip') > 0 && draw.chance(0.35 * amounts('label-flip'));
  const challenger = logistic(known + TRANSACTIONS_WEIGHT * USUAL_TRANSACTIONS + fraud);
  return {
    features,
    ...{ prediction: round(probability, 4), challenger: round(challenger, 4) },
    actual: isFlipped ? !isCharged : isCharged,
  };
}

export const CHARGEBACK: DataModel = {
  namespace: 'payments',
  model: 'chargeback-risk',
  version: '6',
  sending: 'batch',
  rowsPerSecond: 20,
  challenger: 'fewer-features',
  customMetrics: CUSTOM_METRICS,
  // Whose mail it is concerns nobody.
  exploration: { enabled: true, rows: 5_000, masked: ['email_domain'] },
  target: 'charged_back',
  predictionColumn: 'probability',
  importance: {
    ...{ merchant_country: 0.18, account_age_days: 0.14, amount_eur: 0.24, email_domain: 0.02, n_tx_24h: 0.17 },
    ...{ ip_distance_km: 0.09, device_type: 0.03, mcc: 0.04, avg_ticket_30d: 0.04, hour_of_day: 0.02 },
    ...{ currency: 0.02, is_recurring: 0.01 },
  },
  profileFlags: ['--categorical', 'mcc', '--segment', 'device_type', '--baseline', 'auc=0.83'],
  row,
};
