import React, { useMemo } from 'react';
import { FIELD_GAP, FOOT, INSET, LIST_ROW, LIST_WIDTH, SMALL_ROW, tileColumns, type Form } from '../../layout/mode';
import { lacksVerdict, needsHelp } from '../../model/order';
import type { Fleet, ModelView } from '../../model/types';
import { Field } from './Field';
import { ProblemList, SmallList, WorstOnly } from './Lists';
import { Tiles } from './Tiles';
import { Verdict } from './Verdict';

interface FormViewProps {
  readonly form: Form;
  readonly fleet: Fleet;
  /** Size left below the headline. */
  readonly size: { width: number; height: number };
  readonly onHover: (model: ModelView, rect: DOMRect) => void;
  readonly onLeave: () => void;
  readonly onPick: (model: ModelView, rect: DOMRect) => void;
}

/** What stands in the list beside the field: all that need help, then what lacks a verdict as far as there is room. */
export function listed(fleet: Fleet, height: number): { models: ModelView[]; rest: ModelView[] } {
  const problems = fleet.models.filter(({ health }) => needsHelp(health));
  const doubtful = fleet.models.filter(({ health }) => lacksVerdict(health));
  const room = Math.max(0, Math.floor((height + 3) / LIST_ROW) - problems.length);
  if (doubtful.length <= room) return { models: [...problems, ...doubtful], rest: [] };
  const withFoot = Math.max(0, Math.floor((height - FOOT + 3) / LIST_ROW) - problems.length);
  // Where the problems alone fill the list, the field beside it shows what else there is.
  const footFits = problems.length * LIST_ROW + FOOT <= height;
  return { models: [...problems, ...doubtful.slice(0, withFoot)], rest: footFits ? doubtful.slice(withFoot) : [] };
}

/** The fleet in the form that fits. */
export function FormView({ form, fleet, size, onHover, onLeave, onPick }: FormViewProps) {
  const list = useMemo(() => listed(fleet, size.height), [fleet, size.height]);
  const named = useMemo(() => new Set(list.models.map(({ key }) => key)), [list]);
  const [first] = fleet.models;
  if (form === 'verdict' && first) return <Verdict model={first} />;
  if (form === 'tiles') return <Tiles groups={fleet.groups} columns={tileColumns(size.width)} />;
  if (form === 'one') return <WorstOnly models={fleet.models} />;
  if (form === 'list') {
    const fits = size.height >= fleet.models.length * SMALL_ROW;
    const rows = fits ? fleet.models.length : Math.floor((size.height - FOOT + 3) / SMALL_ROW);
    return <SmallList models={fleet.models} rows={rows} width={size.width} />;
  }
  const hasList = list.models.length > 0;
  const fieldWidth = size.width - 2 * INSET - (hasList ? LIST_WIDTH + FIELD_GAP : 0);
  return (
    <div style={{ display: 'flex', gap: FIELD_GAP, minHeight: 0, flex: 1 }}>
      {hasList && <ProblemList models={list.models} rest={list.rest} />}
      <Field
        groups={fleet.groups}
        named={named}
        width={fieldWidth}
        height={size.height}
        onHover={onHover}
        onLeave={onLeave}
        onPick={onPick}
      />
    </div>
  );
}
