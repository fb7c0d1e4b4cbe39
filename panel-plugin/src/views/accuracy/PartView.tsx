import React, { type ReactNode } from 'react';
import { useStyles2 } from '@grafana/ui';
import type { Part } from '../../layout/accuracy/parts';
import { hasTooFew, PAIRS_TO_TELL } from '../../model/accuracy/say';
import type { AccuracyAnswer, Details, Score } from '../../model/accuracy/types';
import { metricName, pairsOfNeeded, verdictWord } from '../../model/accuracy/words';
import { windowText } from '../../model/drift/words';
import { AgesPart } from './Ages';
import { CalibrationPart } from './Calibration';
import { ConfusionPart } from './Confusion';
import type { PartStops } from './context';
import { PredictedActualPart, SidesKey } from './PredictedActual';
import { ScoreChart } from './ScoreChart';
import { ScoreRows } from './ScoreRows';
import { getStyles } from './styles';

const TITLE = 22;

interface PartViewProps {
  readonly part: Part;
  readonly width: number;
  readonly height: number;
  /** The headline names what stands alone. */
  readonly isAlone: boolean;
  readonly answer: AccuracyAnswer;
  readonly chosen: Score | undefined;
  readonly stops: PartStops;
}

/** What the chart is of, and how that stands. */
function chartName(score: Score): string {
  return `${score.name} over time, ${verdictWord(score)}`;
}

function chartTitle(score: Score): ReactNode {
  return (
    <>
      <b>{metricName(score.metric)}</b>
      {` over ${windowText(score.window)}, ${verdictWord(score)}`}
    </>
  );
}

/** Where there are too few pairs for a shape to mean much, the title says so first. */
function detailTitle(part: Part, { subject, calibration, confusion }: Details): string {
  const few = hasTooFew(subject) ? `too few to tell, ${pairsOfNeeded(subject)}; ` : '';
  const someFew = (counts: readonly number[]) => counts.some((pairs) => pairs > 0 && pairs < PAIRS_TO_TELL);
  const hollow = `hollow: fewer than ${PAIRS_TO_TELL} pairs`;
  const window = windowText(subject.window);
  switch (part) {
    case 'confusion':
      return `${few}Actual by predicted, % of each row over ${window}${confusion && someFew(confusion.actuals) ? `; ${hollow}` : ''}`;
    case 'calibration':
      return `${few}Share of ${subject.positiveClass || 'positives'} by score over ${window}${calibration && someFew(calibration.map(({ pairs }) => pairs)) ? `; ${hollow}` : ''}`;
    case 'ages':
      return `${few}Age of predictions when their actual came, ${window}`;
    default:
      return `${few}${subject.task === 'regression' ? 'Mean over time' : 'Share of pairs over time'}`;
  }
}

/** One part with the line above it that says what it shows. */
export function PartView(props: PartViewProps) {
  const { part, height, isAlone, answer, chosen, stops } = props;
  const { scores, history } = answer;
  if (part !== 'scores') return <TitledPart {...props} />;
  const drawn = isAlone || !history ? undefined : chosen?.key;
  return <ScoreRows scores={scores} height={height} activeKey={stops.activeKey} chosen={drawn} />;
}

function TitledPart({ part, width, height, answer: { history, details }, chosen, stops }: PartViewProps) {
  const styles = useStyles2(getStyles);
  const hasTitle = height >= 110;
  const size = { width, height: height - (hasTitle ? TITLE : 0) };
  const title = part === 'history' ? chosen && chartTitle(chosen) : details && detailTitle(part, details);
  return (
    <>
      {hasTitle && (
        <div style={{ display: 'flex', gap: 14 }}>
          <p className={styles.title} style={{ flex: 1 }} title={typeof title === 'string' ? title : undefined}>
            {title}
          </p>
          {part === 'predicted-actual' && <SidesKey />}
        </div>
      )}
      <div className={styles.drawing}>
        {part === 'history' && chosen && history && (
          <ScoreChart score={chosen} history={history} {...size} sentence={chartName(chosen)} {...stops} />
        )}
        {details && part !== 'history' && <DetailView part={part} details={details} {...size} stops={stops} />}
      </div>
    </>
  );
}

interface DetailViewProps extends Pick<PartViewProps, 'part' | 'width' | 'height' | 'stops'> {
  readonly details: Details;
}

function DetailView({ part, details, width, height, stops }: DetailViewProps) {
  const { subject, confusion, calibration, predictedActual, ages } = details;
  const { activeKey } = stops;
  const shape = { width, height, hollow: hasTooFew(subject), activeKey };
  switch (part) {
    case 'predicted-actual':
      return predictedActual ? (
        <PredictedActualPart
          predictedActual={predictedActual}
          positiveClass={subject.positiveClass}
          width={width}
          height={height}
          {...stops}
        />
      ) : null;
    case 'confusion':
      return confusion ? <ConfusionPart confusion={confusion} {...shape} /> : null;
    case 'calibration':
      return calibration ? (
        <CalibrationPart bins={calibration} positiveClass={subject.positiveClass} {...shape} />
      ) : null;
    default:
      return ages ? <AgesPart ages={ages} width={width} activeKey={activeKey} /> : null;
  }
}
