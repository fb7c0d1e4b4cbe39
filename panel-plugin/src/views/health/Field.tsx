import React, { useEffect, useMemo, useRef } from 'react';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { HEALTH_STATES } from '@modelwatch/contract';
import { CANVAS_FROM, layOutField, markAt, type FieldLayout, type Mark as FieldMark } from '../../layout/field';
import { countHealth } from '../../model/order';
import { spokenModel } from '../../model/say';
import type { ModelGroup, ModelView } from '../../model/types';
import { countText } from '../../model/words';
import { useHealth } from './context';
import { fieldPlaces } from '../shared/useRoving';
import { FieldSvg } from './FieldSvg';
import { paintField } from './paintField';
import { getStyles } from './styles';

const PROXY = 14;

interface FieldProps {
  readonly groups: readonly ModelGroup[];
  /** Models that are named beside the field: the keyboard reaches them there. */
  readonly named: ReadonlySet<string>;
  readonly width: number;
  readonly height: number;
  readonly onHover: (model: ModelView, rect: DOMRect) => void;
  readonly onLeave: () => void;
  readonly onPick: (model: ModelView, rect: DOMRect) => void;
}

function groupSentence({ title, models }: ModelGroup): string {
  const counts = countHealth(models);
  const parts = HEALTH_STATES.filter((state) => counts[state] > 0).map(
    (state) => `${countText(counts[state])} ${state}`
  );
  return `${title}: ${parts.join(', ')}`;
}

/** The canvas is painted again when its content, size, theme or the density of the screen changes. */
function FieldCanvas({ layout, groups }: { layout: FieldLayout; groups: readonly ModelGroup[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme2();
  useEffect(() => {
    if (canvas.current) paintField(canvas.current, layout, groups, theme);
  }, [layout, groups, theme]);
  return (
    <canvas ref={canvas} aria-hidden="true" style={{ width: layout.width, height: layout.height, display: 'block' }} />
  );
}

/** One mark per model in blocks per namespace. The keyboard moves one focusable stand-in over the marks. */
export function Field({ groups, named, width, height, onHover, onLeave, onPick }: FieldProps) {
  const styles = useStyles2(getStyles);
  const { activeKey, nowMs } = useHealth();
  const layout = useMemo(
    () =>
      layOutField(
        groups.map(({ title, models }) => ({ title, states: models.map((one) => one.health) })),
        width,
        height
      ),
    [groups, width, height]
  );
  const modelOf = (mark: FieldMark | undefined): ModelView | undefined =>
    mark && groups[mark.block]?.models[mark.index];
  const standsIn = activeKey !== undefined && !named.has(activeKey);
  const active = standsIn ? layout.marks.find((mark) => modelOf(mark)?.key === activeKey) : undefined;
  const activeModel = modelOf(active);
  const at = (event: React.PointerEvent<HTMLElement> | React.MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const mark = markAt(layout, event.clientX - box.left, event.clientY - box.top);
    const model = modelOf(mark);
    if (!mark || !model) return undefined;
    return { model, rect: new DOMRect(box.left + mark.x - 8, box.top + mark.y - 8, 16, 16) };
  };
  return (
    <div className={styles.field}>
      <div
        style={{ position: 'relative', width: layout.width, height: layout.height }}
        data-mw-field
        onPointerMove={(event) => {
          const hit = at(event);
          if (hit) onHover(hit.model, hit.rect);
          else onLeave();
        }}
        onPointerLeave={onLeave}
        onClick={(event) => {
          const hit = at(event);
          if (hit) onPick(hit.model, hit.rect);
        }}
      >
        {layout.marks.length > CANVAS_FROM ? (
          <FieldCanvas layout={layout} groups={groups} />
        ) : (
          <FieldSvg layout={layout} groups={groups} />
        )}
        <ul className={styles.hidden} aria-label="The whole fleet by namespace">
          {groups.map((group) => (
            <li key={group.title}>{groupSentence(group)}</li>
          ))}
        </ul>
        {active && activeModel && (
          <button
            type="button"
            key={activeModel.key}
            className={styles.fieldProxy}
            data-mw-key={activeModel.key}
            data-state={activeModel.health}
            tabIndex={0}
            aria-label={spokenModel(activeModel, nowMs)}
            style={{ left: active.x - PROXY / 2, top: active.y - PROXY / 2, width: PROXY, height: PROXY }}
          />
        )}
        <FieldIndex layout={layout} groups={groups} />
      </div>
    </div>
  );
}

/** Where each mark is, for the arrow keys: kept on the element, since marks on a canvas are no elements. */
function FieldIndex({ layout, groups }: { layout: FieldLayout; groups: readonly ModelGroup[] }) {
  const element = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const parent = element.current?.parentElement;
    if (!parent) return undefined;
    fieldPlaces.set(
      parent,
      layout.marks.flatMap(({ block, index, x, y }) => {
        const key = groups[block]?.models[index]?.key;
        return key === undefined ? [] : [{ key, x, y }];
      })
    );
    return () => void fieldPlaces.delete(parent);
  }, [layout, groups]);
  return <span ref={element} hidden />;
}
