import React from 'react';
import { goneWords, reasonWords, type Saying } from '../../model/slo/say';
import type { Slo } from '../../model/slo/types';
import {
  attainedText,
  burnText,
  eventWords,
  leftText,
  promiseText,
  stateWord,
  targetText,
  windowText,
} from '../../model/slo/words';
import { countText } from '../../model/words';
import type { CardPlace } from '../shared/CardFrame';
import { FactsCard, type Fact } from '../shared/FactsCard';
import type { CardLink } from '../shared/links';

function factsOf(slo: Slo, saying: Saying): Fact[] {
  const { objective, attained, budgetLeft, budgetLeftBefore, burn, burnShort, events, eventsNeeded, sinceMs } = slo;
  const fact = (title: string, value: string | undefined): Fact[] => (value ? [[title, value]] : []);
  const promised = objective === undefined ? undefined : `${targetText(objective)} ${promiseText(slo)}`;
  const counted = events === undefined ? undefined : countText(events);
  return [
    ...fact('Objective', slo.slo),
    ...fact('Promised', promised && `${promised}, ${windowText(slo.window)}`),
    ...fact(
      'Attained',
      attained === undefined || objective === undefined ? 'unknown' : attainedText(attained, objective)
    ),
    ...fact('Budget left', budgetLeft === undefined ? 'unknown' : leftText(budgetLeft)),
    ...fact('When last counted', budgetLeftBefore === undefined ? undefined : leftText(budgetLeftBefore)),
    ...fact('Burn, 1 h / 5 min', [burn, burnShort].map((one) => (one === undefined ? '–' : burnText(one))).join(' / ')),
    ...fact('Gone in', goneWords(slo, saying)),
    ...fact(
      `${eventWords(slo).many} counted`,
      counted && (eventsNeeded ? `${counted}, needs ${countText(eventsNeeded)}` : counted)
    ),
    ...fact('Since', sinceMs === undefined ? undefined : saying.clock(sinceMs)),
    ...fact('Why', reasonWords(slo, saying)),
    ...fact('Namespace', [slo.cluster, slo.namespace].filter(Boolean).join('/')),
    ...fact('Owner', slo.owner),
  ];
}

interface SloCardProps extends CardPlace {
  readonly slo: Slo;
  readonly saying: Saying;
  readonly links: readonly CardLink[];
}

export function SloCard({ slo, saying, links, ...place }: SloCardProps) {
  return (
    <FactsCard
      {...place}
      name={slo.name}
      mark={slo.mark}
      word={stateWord(slo)}
      rows={factsOf(slo, saying)}
      links={links}
      content={slo.key}
    />
  );
}
