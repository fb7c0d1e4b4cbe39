/** Generated sentences: parts with a tone, and the mark before them. */
import type { HealthState } from '@modelwatch/contract';
import { glue } from './words';

export type Tone = 'strong' | 'plain' | 'faint';
export type Part = readonly [tone: Tone, text: string];

export interface Sentence {
  /** Absent where nothing is judged. */
  readonly mark?: HealthState;
  readonly parts: readonly Part[];
}

export function sentence(mark: Sentence['mark'], ...parts: Part[]): Sentence {
  return { mark, parts: parts.map(([tone, text]): Part => [tone, glue(text)]) };
}

/** The sentence as it is read aloud. */
export function sentenceText({ parts }: Sentence): string {
  return parts.map(([, text]) => text).join(' ');
}
