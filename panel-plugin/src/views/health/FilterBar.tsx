import React, { type RefObject } from 'react';
import { Button, useStyles2 } from '@grafana/ui';
import { isFiltering, NO_FILTER, type Filter } from '../../model/filter';
import { countText, modelsText } from '../../model/words';
import { getStyles } from './styles';

interface FilterBarProps {
  readonly filter: Filter;
  readonly shown: number;
  readonly total: number;
  readonly input: RefObject<HTMLInputElement>;
  readonly onChange: (filter: Filter) => void;
  readonly onClose: () => void;
}

/** Search, and how many models the filters leave; nothing is left out without being said. */
export function FilterBar({ filter, shown, total, input, onChange, onClose }: FilterBarProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.filterBar} role="search">
      <input
        ref={input}
        className={styles.search}
        type="search"
        placeholder="Search models"
        aria-label="Search models"
        value={filter.search}
        onChange={(event) => onChange({ ...filter, search: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
      />
      {isFiltering(filter) && (
        <>
          <span role="status">{`${countText(shown)} of ${modelsText(total)}`}</span>
          <Button size="sm" variant="secondary" fill="text" onClick={() => onChange(NO_FILTER)}>
            Show all
          </Button>
        </>
      )}
    </div>
  );
}
