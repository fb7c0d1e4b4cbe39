/** A reference as the commands write it, and in one line. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Reference } from '@modelwatch/contract';
import { referenceText } from '../profile/document';

/** To standard output without a file. Beside its place first: whoever reads the old file never sees half of the new one. */
export function writeReference(reference: Reference, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(referenceText(reference));
    return;
  }
  const part = `${output}.part`;
  try {
    writeFileSync(part, referenceText(reference));
    renameSync(part, output);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

export function summaryOf({ name, id, rows, features, target, task, segments = [], excluded = [] }: Reference): string {
  const of = (type: string) => features.filter((feature) => feature.type === type).length;
  const types = ['numeric', 'categorical', 'boolean']
    .filter((type) => of(type) > 0)
    .map((type) => `${of(type)} ${type}`);
  const words = [
    `reference ${id} (${name}): ${rows.toLocaleString('en-US')} rows`,
    `${features.length} features (${types.join(', ')})`,
    ...(target ? [`target ${target.name} (${task})`] : []),
    ...segments.map(({ column, values }) => `segment ${column} (${values.length} values)`),
    ...(excluded.length > 0 ? [`${excluded.length} left out`] : []),
  ];
  return words.join(', ');
}
