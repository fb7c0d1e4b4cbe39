import React from 'react';
import { IconButton, useStyles2 } from '@grafana/ui';
import type { HealthState } from '@modelwatch/contract';
import type { Headline } from '../../model/say';
import type { Fleet } from '../../model/types';
import { Legend } from './Legend';
import { LiveSentence } from '../shared/LiveSentence';
import { Mark } from '../shared/Mark';
import { getStyles } from './styles';

/** Below this width the legend loses its words and the headline its clock. */
export const WORDS_FROM_WIDTH = 760;

interface HeadlineBarProps {
  readonly id: string;
  readonly fleet: Fleet;
  readonly headline: Headline;
  readonly width: number;
  readonly chosen: ReadonlySet<HealthState>;
  readonly asTable: boolean;
  readonly onToggle: (state: HealthState) => void;
  readonly onTable: () => void;
}

/** The sentence that every view opens with, then the counts. */
export function HeadlineBar(props: HeadlineBarProps) {
  const { id, fleet, headline, width, chosen, asTable, onToggle, onTable } = props;
  const styles = useStyles2(getStyles);
  const said = `${headline.subject} ${headline.rest}`;
  return (
    <>
      <div className={styles.headline}>
        <Mark state={headline.state} size={20} />
        <h3 id={id} className={styles.say} title={said}>
          <b>{headline.subject}</b> {headline.rest}
        </h3>
        <Legend counts={fleet.counts} chosen={chosen} words={width >= WORDS_FROM_WIDTH} onToggle={onToggle} />
        <IconButton
          name={asTable ? 'apps' : 'table'}
          size="sm"
          aria-pressed={asTable}
          aria-label={asTable ? 'Show as grid' : 'Show as table'}
          tooltip={asTable ? 'Show as grid' : 'Show as table'}
          onClick={onTable}
        />
      </div>
      {headline.calm && <div className={styles.calm}>{headline.calm}</div>}
    </>
  );
}

/** Speaks only when the worst model or its state changes, not at every refresh. */
export function LiveHeadline({ fleet, headline }: { fleet: Fleet; headline: Headline }) {
  const [worst] = fleet.models;
  const identity = `${worst?.key ?? ''} ${worst?.health ?? ''}`;
  return <LiveSentence identity={identity} sentence={`${headline.subject} ${headline.rest}`} />;
}
