/**
 * The language that a text is written in, by the frequencies of its groups of letters: the smallest table of the library
 * `eld`, 60 languages. It takes 30 MB, so that it is loaded with the first text only.
 */

/** Enough for a verdict; more would take time and change little. */
const LOOKED_AT_CHARACTERS = 250;
/** Letters in a row that are no language: numbers, code, a word or two. */
const UNKNOWN_LANGUAGE = 'unknown';

export type LanguageOf = (text: string) => string;

let loading: Promise<LanguageOf> | undefined;

export function loadLanguages(): Promise<LanguageOf> {
  loading ??= import('eld/extrasmall').then(({ eld }) => (text) => {
    const { language, isReliable } = eld.detect(text.slice(0, LOOKED_AT_CHARACTERS));
    return language !== '' && isReliable() ? language : UNKNOWN_LANGUAGE;
  });
  return loading;
}
