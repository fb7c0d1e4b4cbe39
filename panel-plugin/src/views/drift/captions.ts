/** The line below the headline: what every score on the page travels with. */
import type { DriftForm } from '../../layout/drift/form';
import type { DriftAnswer, Subject } from '../../model/drift/types';
import { featureText, limitText, methodText, referenceText, rowsText, windowText } from '../../model/drift/words';
import { shiftText } from '../../model/drift/say';
import { countText, spanText } from '../../model/words';
import type { DriftPlan } from './driftPlan';

/** One text where all agree, a count where they differ. */
function shared(subjects: readonly Subject[], text: (subject: Subject) => string, many: string): string {
  const texts = new Set(subjects.map(text));
  return texts.size === 1 ? [...texts].join('') : `${countText(texts.size)} ${many}`;
}

function gates(subjects: readonly Subject[]): string {
  const needed = subjects.flatMap(({ rowsNeeded }) => rowsNeeded ?? []);
  if (!needed.length) return '';
  const [least, most] = [Math.min(...needed), Math.max(...needed)];
  return `gate ${least === most ? rowsText(most) : `${rowsText(least)} to ${rowsText(most)}`} rows`;
}

function referenceWithRows(subject: Subject): string {
  const rows = subject.referenceRows === undefined ? '' : ` (${rowsText(subject.referenceRows)} rows)`;
  return `${referenceText(subject)}${rows}`;
}

function scoresCaption(form: DriftForm, subjects: readonly Subject[], plan: DriftPlan, stepMs: number): string {
  const models = shared(subjects, ({ model }) => model, 'models');
  const per = plan.heatmap?.layout.per ?? 1;
  const merged = per > 1 ? `each cell the highest of ${per} windows, ${spanText(per * stepMs)}` : '';
  const left = plan.scatter?.left.length ?? 0;
  const unplaced = left > 0 ? `+ ${countText(left)} without score or importance` : '';
  const limits = shared(
    subjects,
    ({ warning, critical }) => `thresholds ${limitText(warning)} / ${limitText(critical)}`,
    'pairs of thresholds'
  );
  const how = shared(subjects, ({ method }) => methodText(method), 'methods');
  const window = shared(subjects, ({ window: span }) => windowText(span), 'windows');
  const reference = shared(subjects, referenceWithRows, 'references');
  const tail = form === 'scatter' && subjects.some(({ scoreBefore }) => scoreBefore !== undefined);
  return [
    `${models}: ${how}, higher is worse`,
    `${window} against ${reference}`,
    merged,
    unplaced,
    tail ? 'tail = a week before' : '',
    gates(subjects),
    form === 'list' ? limits : '',
  ]
    .filter(Boolean)
    .join('; ');
}

export function captionOf(plan: DriftPlan, { scores, distribution }: DriftAnswer): string {
  if (plan.form === 'distribution' && distribution) {
    const { subject } = distribution;
    const about = featureText(subject);
    const shift = shiftText(distribution);
    const head = `${subject.model}, ${subject.name}${about ? `: ${about}` : ''}. ${methodText(subject.method)}`;
    return shift ? `${head}; ${shift}` : head;
  }
  if (!scores) return 'Nothing of ours is recorded; each detector is on a scale of its own';
  return scoresCaption(plan.form, scores.subjects, plan, scores.history?.stepMs ?? 0);
}
