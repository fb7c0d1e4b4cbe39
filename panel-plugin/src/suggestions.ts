/** Which view suggests itself for an answer. It is asked for every answer of any panel: nothing here loads a view. */
import { FieldType, type DataFrame } from '@grafana/data';
import { HEALTH_STATES, SERVING_STATES } from '@modelwatch/contract';
import { accuracyKind, frameMark, isDrift, isInventory, isSlo } from './model/mark';

type Text = (name: string) => unknown;

/** Whether a model is named with a health or a state that the panel knows. */
function namesState(text: Text): boolean {
  if (!text('namespace') || !text('model')) return false;
  const [health, state] = [text('health'), text('state')];
  return HEALTH_STATES.some((known) => known === health) || SERVING_STATES.some((known) => known === state);
}

function rowsNameState(frame: DataFrame): boolean {
  const columns = new Map(frame.fields.filter(({ type }) => type === FieldType.string).map((one) => [one.name, one]));
  if (!columns.has('model')) return false;
  return Array.from({ length: frame.length }).some((_, row) =>
    namesState((name): unknown => columns.get(name)?.values[row])
  );
}

/** Whether an answer names models with a health or a state, so that this panel is a fit suggestion for it. */
export function showsModels(frames: readonly DataFrame[]): boolean {
  return frames.some((frame) => {
    if (frameMark(frame) && !isInventory(frame)) return false;
    return rowsNameState(frame) || frame.fields.some(({ labels }) => labels && namesState((name) => labels[name]));
  });
}

/** Whether an answer has drift scores or a distribution. */
export function showsDrift(frames: readonly DataFrame[]): boolean {
  return isDrift(frames.filter(({ length }) => length > 0));
}

/** Whether an answer has scores of accuracy, or what they are made of. */
export function showsAccuracy(frames: readonly DataFrame[]): boolean {
  return frames.some((frame) => frame.length > 0 && accuracyKind(frame) !== undefined);
}

/** Whether an answer has objectives. */
export function showsSlo(frames: readonly DataFrame[]): boolean {
  return isSlo(frames.filter(({ length }) => length > 0));
}
