import React, { useEffect, useRef, useState } from 'react';
import { useStyles2 } from '@grafana/ui';
import { getSharedStyles } from './styles';

/** A polite live region that speaks the sentence only when `identity` changes, not at every refresh. */
export function LiveSentence({ identity, sentence }: { identity: string; sentence: string }) {
  const styles = useStyles2(getSharedStyles);
  const spoken = useRef(identity);
  const [text, setText] = useState('');
  useEffect(() => {
    if (spoken.current === identity) return;
    spoken.current = identity;
    setText(sentence);
  }, [identity, sentence]);
  return (
    <div className={styles.hidden} aria-live="polite" role="status">
      {text}
    </div>
  );
}
