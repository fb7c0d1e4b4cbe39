import React, { useCallback, useMemo } from 'react';
import type { PanelProps } from '@grafana/data';
import { driftCondition } from '../../model/drift/alertRules';
import { prepareDrift } from '../../model/drift/prepare';
import type { PreparedDrift, Subject } from '../../model/drift/types';
import type { TimeSpan } from '../../model/types';
import { dateText, dayText } from '../../model/words';
import { decodeOptions, type PanelOptions } from '../../options';
import { alertLinks, useAlertTarget } from '../shared/alertTarget';
import { Loading, Statement } from '../shared/States';
import { Pickers } from '../shared/Pickers';
import { usePrepared } from '../shared/usePrepared';
import { DriftView } from './DriftView';
import { linksFor } from './links';

/** The query *drift* is of what rules recorded, which is of all versions and segments. */
const PICKED = ['distribution'];

const isGood = ({ kind }: PreparedDrift) => kind === 'drift';

/** Props of Grafana in, one of the prepared states out. */
export function DriftPanel(props: PanelProps<PanelOptions>) {
  const { id, data, width, height, timeZone, replaceVariables, onChangeTimeRange } = props;
  const { driftMode, featureDashboard, staleAfterSeconds } = decodeOptions(props.options);
  const staleAfterMs = staleAfterSeconds * 1000;
  const { prepared, clock, actions } = usePrepared({ data, timeZone, staleAfterMs, prepare: prepareDrift, isGood });
  const nowMs = prepared.kind === 'drift' ? prepared.answer.nowMs : 0;
  const day = useMemo(() => dayText(nowMs, timeZone), [nowMs, timeZone]);
  const date = useMemo(() => dateText(timeZone), [timeZone]);
  const target = useAlertTarget(data, id);
  const linksOf = useCallback(
    (subject: Subject, span?: TimeSpan) => [
      ...linksFor(subject, featureDashboard, replaceVariables, span),
      ...alertLinks(driftCondition(subject), target),
    ],
    [featureDashboard, replaceVariables, target]
  );
  const onRange = useCallback(
    ({ fromMs, toMs }: TimeSpan) => onChangeTimeRange({ from: fromMs, to: toMs }),
    [onChangeTimeRange]
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
    case 'drift': {
      const { answer } = prepared;
      return (
        <DriftView
          answer={answer}
          mode={driftMode}
          {...size}
          nowMs={nowMs}
          range={answer.range}
          clock={clock}
          day={day}
          date={date}
          linksOf={linksOf}
          onRange={onRange}
          pickers={pickers}
        />
      );
    }
  }
}
