import type { ColumnReference, Reference } from '@modelwatch/contract';
import type { ProfileOptions } from './options';
import { TableError } from './table';

/** What the target says of the model: its task, and the classes of a classification. @throws TableError */
export function targetFacts(target: ColumnReference, options: ProfileOptions): Pick<Reference, 'task' | 'classes'> {
  const classes = classesOf(target);
  if (options.task === 'regression') {
    if (target.type === 'numeric') return { task: 'regression' };
    throw new TableError([`--task regression: expected a numeric target, got ${target.name}, which is ${target.type}`]);
  }
  if (classes) return { task: 'classification', classes };
  if (target.type === 'numeric' && options.task === undefined) return { task: 'regression' };
  throw new TableError([
    target.type === 'numeric'
      ? `--task classification: expected a target of at most ${options.bins} values, got ${target.name} with more; say --categorical ${target.name} if these are classes`
      : `--target ${target.name}: expected classes, got too many categories to name them`,
  ]);
}

function classesOf(target: ColumnReference): string[] | undefined {
  if (target.type === 'numeric') {
    return target.rule === 'values' ? target.bins.map(({ to }) => String(to)) : undefined;
  }
  const { complete, categories } = target.otherCategories;
  return complete ? [...target.bins.map(({ category }) => category), ...categories].sort() : undefined;
}
