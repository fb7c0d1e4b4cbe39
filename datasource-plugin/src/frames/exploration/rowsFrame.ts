/** Rows as a table. What a column holds is known once its values are. */
import { createDataFrame, FieldType, type DataFrame, type Field } from '@grafana/data';
import type { ModelRow, RowsSubject, RowValue } from '@modelwatch/contract';
import { UNITS } from '../appearance';
import type { FrameContext } from '../inventoryFrame';

type Value = RowValue | undefined;

/** Of a cell; what a panel says in place of a whole answer is not for one. */
const NOTHING = '–';

const FIXED: ReadonlyArray<readonly [name: string, title: string, value: (row: ModelRow) => Value]> = [
  ['id', 'Id', ({ id }) => id],
  ['version', 'Version', ({ version }) => version || undefined],
  ['prediction', 'Prediction', ({ prediction }) => prediction],
  ['score', 'Score', ({ score }) => score],
  ['actual', 'Actual', ({ actual }) => actual],
  ['predicted_class', 'Predicted class', ({ predictedClass }) => predictedClass],
  ['actual_class', 'Actual class', ({ actualClass }) => actualClass],
  ['wrong', 'Wrong', ({ wrong }) => (wrong === undefined ? undefined : wrong ? 'wrong' : 'right')],
];

function moment(name: string, title: string, values: readonly (number | undefined)[]): Partial<Field> {
  const config = { displayNameFromDS: title, unit: UNITS.time, noValue: NOTHING };
  return { name, type: FieldType.time, config, values: values.map((seconds) => (seconds ?? 0) * 1_000 || null) };
}

/** Numbers where all are, truth values where all are, else texts; nothing where there is no value at all. */
function field(name: string, title: string, values: readonly Value[]): Array<Partial<Field>> {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return [];
  const isAll = (type: string) => known.every((value) => typeof value === type);
  const type = isAll('number') ? FieldType.number : isAll('boolean') ? FieldType.boolean : FieldType.string;
  const shown = (value: Value) =>
    value === null || value === undefined ? null : type === FieldType.string ? String(value) : value;
  return [{ name, type, config: { displayNameFromDS: title, noValue: NOTHING }, values: values.map(shown) }];
}

function namesIn(rows: readonly ModelRow[], of: 'segments' | 'features'): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row[of])))];
}

function own(values: Readonly<Record<string, RowValue>>, name: string): Value {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** @param rowsOf undefined where there are no rows to speak of */
export function rowsFrame(
  rows: readonly ModelRow[],
  rowsOf: RowsSubject | undefined,
  { refId, answeredAtMs, notices }: FrameContext
): DataFrame {
  const columns = (of: 'segments' | 'features', prefix: string) =>
    namesIn(rows, of).flatMap((name) => {
      const title = of === 'segments' ? `Segment ${name}` : name;
      return field(
        `${prefix}${name}`,
        title,
        rows.map((row) => own(row[of], name))
      );
    });
  const fields =
    rows.length === 0
      ? []
      : [
          moment(
            'time',
            'Time of prediction',
            rows.map(({ timeSeconds }) => timeSeconds)
          ),
          ...FIXED.flatMap(([name, title, value]) => field(name, title, rows.map(value))),
          moment(
            'actual_time',
            'Actual arrived',
            rows.map(({ actualSeconds }) => actualSeconds)
          ),
          ...columns('segments', 'segments.'),
          ...columns('features', 'features.'),
        ];
  return createDataFrame({
    refId,
    name: 'Rows',
    meta: {
      custom: { modelwatch: { answeredAtMs, kind: 'rows', ...(rowsOf && { rowsOf }) } },
      preferredVisualisationType: 'table',
      ...(notices?.length && { notices: [...notices] }),
    },
    fields: fields as Field[],
  });
}
