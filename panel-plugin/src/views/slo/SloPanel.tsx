import React, { useCallback, useMemo } from 'react';
import type { PanelProps } from '@grafana/data';
import { budgetCondition, burnCondition } from '../../model/slo/alertRules';
import { prepareSlo } from '../../model/slo/prepare';
import type { PreparedSlo, Slo } from '../../model/slo/types';
import { dateText } from '../../model/words';
import { decodeOptions, type PanelOptions } from '../../options';
import { alertLinks, useAlertTarget } from '../shared/alertTarget';
import { Loading, Statement } from '../shared/States';
import { usePrepared } from '../shared/usePrepared';
import { linksFor } from './links';
import { SloView } from './SloView';

const isGood = ({ kind }: PreparedSlo) => kind === 'slo';

/** Props of Grafana in, one of the prepared states out. */
export function SloPanel(props: PanelProps<PanelOptions>) {
  const { id, data, width, height, timeZone, replaceVariables } = props;
  const { modelDashboard, objectiveDashboard, runbook, staleAfterSeconds } = decodeOptions(props.options);
  const staleAfterMs = staleAfterSeconds * 1000;
  const { prepared, clock, actions } = usePrepared({ data, timeZone, staleAfterMs, prepare: prepareSlo, isGood });
  const date = useMemo(() => dateText(timeZone), [timeZone]);
  const target = useAlertTarget(data, id);
  const linksOf = useCallback(
    (one: Slo) => [
      ...linksFor(one, { modelDashboard, objectiveDashboard, runbook }, replaceVariables),
      ...alertLinks(burnCondition(one), target),
      ...alertLinks(budgetCondition(one), target, 'Alert on budget'),
    ],
    [modelDashboard, objectiveDashboard, runbook, replaceVariables, target]
  );
  const size = { width, height };
  switch (prepared.kind) {
    case 'loading':
      return <Loading />;
    case 'error':
      return <Statement message={prepared.message} actions={actions} mark="unknown" size={size} />;
    case 'empty':
      return <Statement message={prepared.message} mark="unknown" centred size={size} />;
    case 'refusal':
      return <Statement message={prepared.message} size={size} />;
    case 'slo':
      return <SloView answer={prepared.answer} {...size} clock={clock} date={date} linksOf={linksOf} />;
  }
}
