/** Asks both halves of the data source how they are. */
import { catchError, forkJoin, map, of, type Observable } from 'rxjs';
import { readSamples } from '../frames/samples';
import { CHECKS, type CheckName } from '../query/checks';
import type { ExporterApi } from './exporter';
import { requestNow } from './now';
import { askPrometheus, errorText, type PartAnswer } from './prometheus';
import { judge, type ApiFindings, type PrometheusFindings, type Verdict } from './verdict';

function readCounts(answers: ReadonlyMap<string, PartAnswer>): PrometheusFindings {
  const counts: Partial<Record<CheckName, number>> = {};
  for (const name of Object.keys(CHECKS) as CheckName[]) {
    const answer = answers.get(name);
    if (!answer || 'error' in answer) return { error: answer?.error ?? 'gave no answer' };
    const value = readSamples(answer.frames, name)[0]?.value;
    if (value !== undefined) counts[name] = value;
  }
  return { counts };
}

/** What works and what does not, in words; never fails. */
export function checkHealth(
  prometheusUid: string | undefined,
  api: ExporterApi | undefined,
  nowMs: number
): Observable<Verdict> {
  const base = requestNow('modelwatch-health', nowMs);
  const questions = Object.entries(CHECKS).map(([name, expr]) => ({ name, expr }));
  const prometheus = askPrometheus(prometheusUid, base, 'check', questions).pipe(
    map(readCounts),
    catchError((error: unknown) => of({ error: errorText(error) }))
  );
  const exporter: Observable<ApiFindings> = api
    ? api.status('modelwatch-health-api').pipe(
        map((status) => ({ status })),
        catchError((error: unknown) => of({ error: errorText(error) }))
      )
    : of('not configured' as const);
  return forkJoin([prometheus, exporter]).pipe(map(([first, second]) => judge(first, second)));
}
