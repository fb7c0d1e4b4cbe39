/** Synthetic inference: once per declared probe. */
import { METRICS, PROBE_OUTCOMES } from '@modelwatch/contract';
import type { SyntheticView } from '../domain/synthetic';
import type { Row } from './row';
import { histogramRow, known, row } from './text';

const id = ({ namespace, model, probe }: SyntheticView) => ({ namespace, model, probe });

export const syntheticRows: readonly Row<SyntheticView>[] = [
  row(METRICS.syntheticProbes, (view: SyntheticView) =>
    PROBE_OUTCOMES.map((outcome) => ({ labels: { ...id(view), outcome }, value: view.probes[outcome] }))
  ),
  row(METRICS.syntheticFailures, (view: SyntheticView) =>
    Object.entries(view.failures).map(([cause, value]) => ({ labels: { ...id(view), cause }, value }))
  ),
  histogramRow(METRICS.syntheticDuration, (view: SyntheticView) => [{ labels: id(view), ...view.duration }]),
  row(METRICS.syntheticSuccess, (view: SyntheticView) =>
    known(id(view), view.success === undefined ? undefined : Number(view.success))
  ),
  row(METRICS.syntheticLastProbe, (view: SyntheticView) => [{ labels: id(view), value: view.lastProbeSeconds }]),
];
