/** Takes the texts of a generative model's events apart, into what is counted of them. After that they are let go. */
import type { Generation, PredictionEvent, Reference } from '@modelwatch/contract';
import type { EventBook } from '../../domain/events/book';
import type { CountedGeneration } from '../../domain/generative/counts';
import { generationFeatures, outcomeOf, TEXT_SIDES, type Keywords } from '../../domain/generative/features';
import { refusalTest } from '../../domain/generative/refusals';
import { NO_KEYWORD } from '../../domain/generative/words';
import { loadLanguages, type LanguageOf } from '../language';

/** An event without its texts. */
export interface ReadEvent extends Omit<PredictionEvent, 'generation'> {
  readonly generation?: CountedGeneration;
}

export interface TextReader {
  /** Whether `read` needs to be waited for. */
  readonly isReady: (event: PredictionEvent) => boolean;
  /** Loads what texts are looked at with. */
  readonly ready: () => Promise<void>;
  /** What is sent as a feature wins over what a text tells. */
  readonly read: (event: PredictionEvent) => ReadEvent;
}

const USUAL_REFUSALS = refusalTest();

export function createTextReader(book: Pick<EventBook, 'find'>): TextReader {
  const keywordsOf = remembered((reference: Reference) => keywordsIn(reference));
  const refusalsOf = remembered((phrases: readonly string[]) => refusalTest(phrases));
  let languageOf: LanguageOf | undefined;

  return {
    isReady: ({ generation }) => languageOf !== undefined || !generation || !hasTexts(generation),
    ready: async () => {
      languageOf = await loadLanguages();
    },
    read: ({ generation, ...event }) => {
      if (!generation) return event;
      const model = book.find(event.namespace, event.model);
      const reference = model?.referenceOf(event.version ?? '');
      const phrases = model?.settings?.generative.refusalPhrases;
      const tools = {
        languageOf: languageOf ?? notReady,
        isRefusal: phrases === undefined ? USUAL_REFUSALS : refusalsOf(phrases),
      };
      const derived = generationFeatures(generation, tools, reference ? keywordsOf(reference) : {});
      const features = { ...derived, ...event.features };
      const { usage } = generation;
      return { ...event, features, generation: { outcome: outcomeOf(generation, derived), usage } };
    },
  };
}

function hasTexts({ prompt, completion }: Generation): boolean {
  return prompt !== undefined || completion !== undefined;
}

function notReady(): never {
  throw new Error('texts are read when languages are loaded');
}

/** The keywords of a reference are the categories of its features `prompt_keyword` and `completion_keyword`. */
function keywordsIn({ features }: Reference): Keywords {
  return Object.fromEntries(
    TEXT_SIDES.flatMap((side) => {
      const column = features.find(({ name }) => name === `${side}_keyword`);
      if (!column || column.type === 'numeric') return [];
      const words = [...column.bins.map(({ category }) => category), ...column.otherCategories.categories];
      return [[side, new Set(words.filter((word) => word !== NO_KEYWORD))]];
    })
  );
}

function remembered<From extends object, To>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>();
  return (from) => {
    const known = made.get(from);
    if (known !== undefined) return known;
    const fresh = make(from);
    made.set(from, fresh);
    return fresh;
  };
}
