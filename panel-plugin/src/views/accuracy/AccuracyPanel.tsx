import React, { useCallback, useMemo } from 'react';
import type { PanelProps } from '@grafana/data';
import { scoreCondition } from '../../model/accuracy/alertRules';
import { prepareAccuracy } from '../../model/accuracy/prepare';
import type { PreparedAccuracy, Score } from '../../model/accuracy/types';
import { dateText } from '../../model/words';
import { decodeOptions, type PanelOptions } from '../../options';
import { dataLinks, distinctLinks } from '../shared/address';
import { alertLinks, useAlertTarget } from '../shared/alertTarget';
import { Loading, Statement } from '../shared/States';
import { Pickers } from '../shared/Pickers';
import { usePrepared } from '../shared/usePrepared';
import { AccuracyView } from './AccuracyView';

/** The query *accuracy* is of what rules recorded, which is of all versions. */
const PICKED = ['accuracy-detail'];

const isGood = ({ kind }: PreparedAccuracy) => kind === 'accuracy';

/** Props of Grafana in, one of the prepared states out. */
export function AccuracyPanel(props: PanelProps<PanelOptions>) {
  const { id, data, width, height, timeZone } = props;
  const { accuracyMode, staleAfterSeconds } = decodeOptions(props.options);
  const staleAfterMs = staleAfterSeconds * 1000;
  const { prepared, clock, actions } = usePrepared({ data, timeZone, staleAfterMs, prepare: prepareAccuracy, isGood });
  const date = useMemo(() => dateText(timeZone), [timeZone]);
  const target = useAlertTarget(data, id);
  const linksOf = useCallback(
    (score: Score) => [...distinctLinks(dataLinks(score.origin)), ...alertLinks(scoreCondition(score), target)],
    [target]
  );
  const size = { width, height };
  const pickers = <Pickers data={data} kinds={PICKED} />;
  switch (prepared.kind) {
    case 'loading':
      return <Loading />;
    case 'error':
      return <Statement message={prepared.message} actions={actions} mark="unknown" size={size} pickers={pickers} />;
    case 'empty':
      return <Statement message={prepared.message} mark="unknown" centred size={size} pickers={pickers} />;
    case 'refusal':
      return <Statement message={prepared.message} size={size} />;
    case 'accuracy': {
      const { answer } = prepared;
      return (
        <AccuracyView
          key={accuracyMode}
          answer={answer}
          mode={accuracyMode}
          {...size}
          nowMs={answer.nowMs}
          clock={clock}
          date={date}
          linksOf={linksOf}
          pickers={pickers}
        />
      );
    }
  }
}
