/** What the owner of a generative model says of it. */
import type { UsageDirection } from '@modelwatch/contract';
import { OTHER_CONSUMERS, UNKNOWN_CONSUMERS } from '@modelwatch/contract';
import { glob } from '../glob';

/** Of a million tokens. Without a price of their own, cached tokens cost as input and reasoning as output. */
export interface TokenPrices {
  /** ISO 4217. */
  readonly currency: string;
  readonly input: number;
  readonly output: number;
  readonly cached?: number | undefined;
  readonly reasoning?: number | undefined;
}

export interface GenerativeSettings {
  /** Classes of consumers: their names, `*` stands for anything; the first class that fits counts. */
  readonly consumerClasses?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly prices?: TokenPrices | undefined;
  /** Features that are verdicts of guards, with the verdicts that are told apart. */
  readonly guards?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Beside the usual ones. */
  readonly refusalPhrases?: readonly string[] | undefined;
}

export function isGenerative(settings: GenerativeSettings): boolean {
  return Object.values(settings).some((value) => value !== undefined);
}

const MILLION = 1_000_000;

export function costOf(prices: TokenPrices, usage: Readonly<Record<UsageDirection, number>>): number {
  const { input, output, cached = input, reasoning = output } = prices;
  const sum = usage.input * input + usage.cached * cached + usage.output * output + usage.reasoning * reasoning;
  return sum / MILLION;
}

/** Of a consumer that is not named: `unknown`; of one that no class has: `other`. */
export function classOf(classes: GenerativeSettings['consumerClasses'] = {}): (consumer: string | undefined) => string {
  const tests = Object.entries(classes).map(([name, patterns]) => ({ name, fits: patterns.map(glob) }));
  return (consumer) => {
    if (consumer === undefined || consumer === '') return UNKNOWN_CONSUMERS;
    return tests.find(({ fits }) => fits.some((fit) => fit(consumer)))?.name ?? OTHER_CONSUMERS;
  };
}
