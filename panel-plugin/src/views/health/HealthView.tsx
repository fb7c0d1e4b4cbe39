import React, { useCallback, useId, useMemo, useRef, useState } from 'react';
import { useStyles2 } from '@grafana/ui';
import type { ModeOption } from '../../layout/mode';
import { isFiltering, NO_FILTER, toggled, type Filter } from '../../model/filter';
import type { Fleet, Message, ModelView } from '../../model/types';
import type { ClockText } from '../../model/words';
import { Card } from './Card';
import type { CardLink } from '../shared/links';
import { HealthContextValue } from './context';
import { FilterBar } from './FilterBar';
import { FormView } from './FormView';
import { HeadlineBar, LiveHeadline } from './HeadlineBar';
import { filtered, planView } from './plan';
import { Notice } from '../shared/States';
import { getStyles } from './styles';
import { TableView } from './TableView';
import { useCard } from '../shared/useCard';
import { useKeys } from '../shared/useKeys';
import { useRoving } from '../shared/useRoving';

export interface HealthViewProps {
  readonly fleet: Fleet;
  readonly notices: readonly Message[];
  readonly mode: ModeOption;
  readonly width: number;
  readonly height: number;
  readonly clock: ClockText;
  readonly linksOf: (model: ModelView) => CardLink[];
}

/** The fleet as one view: headline, then the form that fits, one card, one tab stop. */
export function HealthView({ fleet, notices, mode, width, height, clock, linksOf }: HealthViewProps) {
  const styles = useStyles2(getStyles);
  const view = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const headlineId = useId();
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [searching, setSearching] = useState(false);
  const [flipped, setFlipped] = useState(false);
  const asTable = (mode === 'table') !== flipped;

  const shown = useMemo(() => filtered(fleet, filter), [fleet, filter]);
  const barOpen = searching || asTable || isFiltering(filter);
  const plan = { fleet, shown, mode, asTable, barOpen, notices: notices.length, width, height, clock };
  const { form, headline, hasHeadline, bodyHeight } = planView(plan);

  const byKey = useMemo(() => new Map(shown.models.map((model) => [model.key, model])), [shown]);
  const keys = useMemo(() => new Set(byKey.keys()), [byKey]);
  const firstKey = (form === 'tiles' ? shown.groups[0]?.models[0] : shown.models[0])?.key;
  const roving = useRoving(view, firstKey, keys);
  const card = useCard();
  const open = card.card && byKey.get(card.card.key);
  const closeSearch = useCallback(() => {
    setSearching(false);
    setFilter((before) => ({ ...before, search: '' }));
    view.current?.querySelector<HTMLElement>('[data-mw-key][tabindex="0"]')?.focus();
  }, []);
  const linksOfKey = (key: string) => {
    const model = byKey.get(key);
    return model ? linksOf(model) : [];
  };
  const handlers = useKeys({ view, roving, card, linksOfKey, search, openSearch: () => setSearching(true) });
  const { nowMs, range } = fleet;
  const context = useMemo(
    () => ({ nowMs, range, clock, activeKey: roving.activeKey, linksOf }),
    [nowMs, range, clock, roving.activeKey, linksOf]
  );

  return (
    <HealthContextValue.Provider value={context}>
      <section ref={view} className={styles.view} style={{ width, height }} aria-labelledby={headlineId} {...handlers}>
        {hasHeadline ? (
          <HeadlineBar
            id={headlineId}
            fleet={fleet}
            headline={headline}
            width={width}
            chosen={filter.states}
            asTable={asTable}
            onToggle={(state) => setFilter(toggled(filter, state))}
            onTable={() => setFlipped(!flipped)}
          />
        ) : (
          <h3 id={headlineId} className={styles.hidden}>{`${headline.subject} ${headline.rest}`}</h3>
        )}
        <LiveHeadline fleet={fleet} headline={headline} />
        {notices.map((notice) => (
          <Notice key={notice.title} message={notice} />
        ))}
        {hasHeadline && barOpen && (
          <FilterBar
            filter={filter}
            shown={shown.models.length}
            total={fleet.models.length}
            input={search}
            onChange={setFilter}
            onClose={closeSearch}
          />
        )}
        {asTable ? (
          <TableView models={shown.models} />
        ) : (
          <FormView
            form={form}
            fleet={shown}
            size={{ width, height: bodyHeight }}
            onHover={(model, rect) => card.hover(model.key, rect)}
            onLeave={card.leave}
            onPick={(model, rect) => card.show(model.key, rect, true)}
          />
        )}
        {open && card.card && (
          <Card
            model={open}
            anchor={card.card.anchor}
            onEnter={card.keep}
            onLeave={card.leave}
            onKeyDown={handlers.onKeyDown}
          />
        )}
      </section>
    </HealthContextValue.Provider>
  );
}
