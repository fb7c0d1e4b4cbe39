/** What the owner of a generative model says of it: who asks, what it costs, what guards say. */
import { OTHER_CONSUMERS, OTHER_VERDICTS, UNKNOWN_CONSUMERS } from '@modelwatch/contract';
import { z } from 'zod';

/** Classes, guards and verdicts are labels: each is a series, or several. */
const MOST_CLASSES = 20;
const MOST_GUARDS = 20;
const MOST_VERDICTS = 10;

const label = z.string().min(1).max(100);
const price = z.number().min(0).max(1_000_000);

function atMost<T>(most: number, what: string) {
  return [
    (all: Readonly<Record<string, T>>) => Object.keys(all).length <= most,
    { error: `at most ${most} ${what}` },
  ] as const;
}

const RESERVED = [OTHER_CONSUMERS, UNKNOWN_CONSUMERS];

export const generative = z.strictObject({
  /** Class -> names of consumers; `*` stands for anything. */
  consumerClasses: z
    .record(
      label.refine((name) => !RESERVED.includes(name), { error: `a name other than ${RESERVED.join(' and ')}` }),
      z.array(z.string().min(1).max(512)).max(1_000)
    )
    .refine(...atMost<string[]>(MOST_CLASSES, 'classes'))
    .optional(),
  /** Of a million tokens. */
  prices: z
    .strictObject({
      currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, as in EUR'),
      input: price,
      output: price,
      cached: price.optional(),
      reasoning: price.optional(),
    })
    .optional(),
  /** Features that are verdicts of guards -> the verdicts that are told apart. */
  guards: z
    .record(
      z.string().min(1).max(1_000),
      z
        .array(label.refine((name) => name !== OTHER_VERDICTS, { error: `a verdict other than ${OTHER_VERDICTS}` }))
        .min(1)
        .max(MOST_VERDICTS)
    )
    .refine(...atMost<string[]>(MOST_GUARDS, 'guards'))
    .optional(),
  refusalPhrases: z.array(z.string().min(3).max(200)).max(200).optional(),
});
