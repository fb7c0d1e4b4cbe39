/** What the view draws: form, sentence, and the places that keyboard and pointer can be on. */
import { chooseDriftForm, type DriftContent, type DriftForm, type DriftModeOption } from '../../layout/drift/form';
import { detectorRows, detectorsHeight } from '../../layout/drift/detectors';
import { LIST_MOST, listRows } from '../../layout/drift/list';
import { INSET } from '../../layout/mode';
import { distributionSentence, quadrantSentence, scoresSentence, topBin, type Saying } from '../../model/drift/say';
import { detectorsSentence } from '../../model/drift/detectors';
import { isOver } from '../../model/drift/subjects';
import type { Distribution, DriftAnswer, Subject } from '../../model/drift/types';
import type { Sentence } from '../../model/sentence';
import type { CardSubject } from './DriftCard';
import { cellKey, placeOf, planHeatmap, type HeatmapPlan } from './heatmapPlan';
import { planScatter, type ScatterPlan } from './Scatter';

const HEADLINE = 36;
const CAPTION = 20;
const NOTICE = 36;
const BOTTOM = 8;
/** Below this width the list stands without headline and caption: they would take the rows' place. */
const HEADLINE_FROM = 420;

export interface DriftPlan {
  readonly form: DriftForm;
  readonly sentence: Sentence;
  readonly hasHeadline: boolean;
  readonly size: { readonly width: number; readonly height: number };
  readonly heatmap?: HeatmapPlan;
  readonly scatter?: ScatterPlan;
  /** Detectors of others below the drawing. */
  readonly detectors: number;
  /** Subjects in the list. */
  readonly rows: number;
  readonly keys: ReadonlySet<string>;
  readonly firstKey?: string;
}

export interface DriftPlanInput {
  readonly answer: DriftAnswer;
  readonly mode: DriftModeOption;
  readonly width: number;
  readonly height: number;
  readonly saying: Saying;
}

/** Ours where we found something; then what a detector of others found; then that there is nothing. */
function sentenceOf(form: DriftForm, { scores, distribution, detectors }: DriftAnswer, saying: Saying): Sentence {
  if (form === 'distribution' && distribution) return distributionSentence(distribution, saying);
  const subjects = scores?.subjects ?? [];
  const isTheirs = subjects.length === 0 || (detectors[0]?.verdict === 'warning' && !subjects.some(isOver));
  if (detectors.length > 0 && isTheirs) return detectorsSentence(detectors, saying);
  return form === 'scatter' ? quadrantSentence(subjects, saying) : scoresSentence(subjects, saying);
}

function heatmapKeys(subjects: readonly Subject[], { layout: { columns } }: HeatmapPlan): string[] {
  return subjects.flatMap((subject) =>
    Array.from({ length: columns }, (_, column) => cellKey(subject, columns, column))
  );
}

function contentOf({ scores, distribution }: DriftAnswer): DriftContent {
  const subjects = scores?.subjects ?? [];
  return {
    hasScores: scores !== undefined,
    hasHistory: scores?.history !== undefined,
    hasDistribution: distribution !== undefined,
    weighed: subjects.filter(({ score, importance }) => score !== undefined && importance !== undefined).length,
  };
}

export function planDrift({ answer, mode, width, height, saying }: DriftPlanInput): DriftPlan {
  const { scores, distribution, detectors, notices } = answer;
  const subjects = scores?.subjects ?? [];
  const form = chooseDriftForm({ width, height }, contentOf(answer), mode);
  const hasHeadline = form !== 'list' || width >= HEADLINE_FROM;
  const above = (hasHeadline ? HEADLINE + CAPTION : 0) + notices.length * NOTICE;
  const room = Math.max(0, height - above - BOTTOM);
  const told = form === 'distribution' ? 0 : detectorRows(room, detectors.length, !scores);
  const size = { width: width - 2 * INSET, height: Math.max(0, room - detectorsHeight(told)) };
  const base = { form, sentence: sentenceOf(form, answer, saying), hasHeadline, size, rows: 0, detectors: told };
  if (form === 'heatmap' && scores?.history) {
    const heatmap = planHeatmap(subjects, scores.history, size);
    const keys = heatmapKeys(subjects, heatmap);
    return { ...base, heatmap, keys: new Set(keys), firstKey: keys[heatmap.layout.columns - 1] };
  }
  if (form === 'distribution' && distribution) {
    return { ...base, ...binStops(distribution) };
  }
  const scatter = form === 'scatter' ? planScatter(subjects, size) : undefined;
  const rows = listRows(size.height, subjects.length, hasHeadline ? subjects.length : LIST_MOST);
  const shown = scatter?.points.map(({ subject }) => subject) ?? subjects.slice(0, rows);
  return { ...base, scatter, rows, ...stopsOf(shown) };
}

function binStops({ bins }: Distribution): Pick<DriftPlan, 'keys' | 'firstKey'> {
  return { keys: new Set(bins.map(({ id }) => id)), firstKey: (topBin(bins) ?? bins[0])?.id };
}

function stopsOf(subjects: readonly Subject[]): Pick<DriftPlan, 'keys' | 'firstKey'> {
  return { keys: new Set(subjects.map(({ key }) => key)), firstKey: subjects[0]?.key };
}

/** What a card of this key is about; undefined for a key that is gone. */
export function cardSubject(
  key: string,
  plan: DriftPlan,
  { scores, distribution }: DriftAnswer
): CardSubject | undefined {
  const subjects = scores?.subjects ?? [];
  if (plan.form === 'distribution' && distribution) {
    const bin = distribution.bins.find(({ id }) => id === key);
    return bin && { subject: distribution.subject, bin };
  }
  if (plan.heatmap) {
    const place = placeOf(key, subjects, plan.heatmap.layout.columns);
    const subject = place && subjects[place.row];
    return subject && { subject, cell: plan.heatmap.cells[place.row]?.[place.column] };
  }
  const subject = subjects.find((one) => one.key === key);
  return subject && { subject };
}
