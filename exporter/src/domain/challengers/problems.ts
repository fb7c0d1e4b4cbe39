/** What keeps the challengers of a model from being compared with it. */
import { championKey, declaredChallengers, type ChallengerSetting, type ModelName } from './known';

/** @param joins whether predictions are joined by their id. @returns in words */
export function challengerProblems(
  champion: ModelName,
  settings: readonly ChallengerSetting[],
  joins: boolean
): string[] {
  const all = declaredChallengers(champion, settings, '');
  const whose = (index: number) => {
    const { byModel, version, ...place } = all[index] as (typeof all)[number];
    return byModel ? `${championKey(place)} ${version ?? ''}`.trim() : '';
  };
  const problems = settings.flatMap(({ name, model, version }, index): string[] => {
    const own = whose(index);
    const at = `challengers[${index}]`;
    if (own === '' && model !== undefined) {
      return [`${at}.version: expected one, since ${JSON.stringify(name)} is the model itself, got none`];
    }
    const first = own === '' ? index : all.findIndex((_, other) => whose(other) === own);
    if (first === index) return [];
    const place = version === undefined ? `${at}.model` : `${at}.version`;
    return [`${place}: expected predictions that no other challenger has, got those of challengers[${first}]`];
  });
  if (joins || settings.length === 0) return problems;
  return [...problems, 'challengers: expected events.joins.directory, where answers wait for each other, got none'];
}
