/** What detectors found that others run. */
import { DETECTION_OUTCOMES, DETECTOR_THRESHOLDS, METRICS } from '@modelwatch/contract';
import type { DetectorSlot } from '../domain/detectors/counts';
import type { Row } from './row';
import { known, row } from './text';

export interface DetectorView {
  readonly namespace: string;
  readonly model: string;
  readonly slot: DetectorSlot;
}

export const detectorRows: readonly Row<DetectorView>[] = [
  row(METRICS.detectorResults, (view: DetectorView) =>
    DETECTION_OUTCOMES.map((outcome) => ({
      labels: { ...idOf(view), outcome },
      value: view.slot.seen ? view.slot.outcomes[outcome] : 0,
    }))
  ),
  // Of rows, one that is odd says nothing of the model.
  row(METRICS.detectorFlagged, (view: DetectorView) =>
    view.slot.identity.kind === 'drift'
      ? [{ labels: idOf(view), value: view.slot.last.outcomes.flagged > 0 ? 1 : 0 }]
      : []
  ),
  row(METRICS.detectorScore, (view: DetectorView) => known(idOf(view), view.slot.last.score)),
  row(METRICS.detectorPValue, (view: DetectorView) => known(idOf(view), view.slot.last.pValue)),
  row(METRICS.detectorThreshold, (view: DetectorView) =>
    DETECTOR_THRESHOLDS.flatMap((of) => known({ ...idOf(view), of }, view.slot.last.thresholds[of]))
  ),
  row(METRICS.detectorLastResult, (view: DetectorView) => known(idOf(view), view.slot.lastSeconds)),
];

function idOf({ namespace, model, slot }: DetectorView) {
  const { detector, kind, source, method } = slot.identity;
  return { namespace, model, detector, kind, source, method, feature: slot.last.feature };
}
