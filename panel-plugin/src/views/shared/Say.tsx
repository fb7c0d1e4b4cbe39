import React, { type ReactNode } from 'react';
import { useStyles2 } from '@grafana/ui';
import { sentenceText, type Sentence } from '../../model/sentence';
import { Mark } from './Mark';
import { getSharedStyles } from './styles';

/** The sentence that the view opens with; what else stands in its line comes after it. */
export function Say({ id, sentence, children }: { id: string; sentence: Sentence; children?: ReactNode }) {
  const styles = useStyles2(getSharedStyles);
  return (
    <div className={styles.headline}>
      {sentence.mark && <Mark state={sentence.mark} size={20} />}
      <h3 id={id} className={styles.say} title={sentenceText(sentence)}>
        {sentence.parts.map(([tone, text], index) => {
          const spaced = index ? ` ${text}` : text;
          if (tone === 'strong') return <b key={index}>{spaced}</b>;
          return (
            <span key={index} className={tone === 'faint' ? styles.faint : undefined}>
              {spaced}
            </span>
          );
        })}
      </h3>
      {children}
    </div>
  );
}
