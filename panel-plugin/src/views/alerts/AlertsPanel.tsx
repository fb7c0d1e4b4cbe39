import React, { useCallback } from 'react';
import type { PanelProps } from '@grafana/data';
import { prepareAlerts } from '../../model/alerts/prepare';
import type { Alert, AlertsAnswer, PreparedAlerts } from '../../model/alerts/types';
import { decodeOptions, type PanelOptions } from '../../options';
import { Loading, Statement } from '../shared/States';
import { usePrepared } from '../shared/usePrepared';
import { AlertsView } from './AlertsView';
import { linksFor } from './links';

const isGood = ({ kind }: PreparedAlerts) => kind === 'alerts';

/** Props of Grafana in, one of the prepared states out. */
export function AlertsPanel(props: PanelProps<PanelOptions>) {
  const { data, width, height, timeZone, replaceVariables } = props;
  const { modelDashboard, objectiveDashboard, runbook, staleAfterSeconds } = decodeOptions(props.options);
  const staleAfterMs = staleAfterSeconds * 1000;
  const { prepared, clock, actions } = usePrepared({ data, timeZone, staleAfterMs, prepare: prepareAlerts, isGood });
  const linksOf = useCallback(
    (alert: Alert, { alertmanager }: AlertsAnswer) =>
      linksFor(alert, alertmanager.name, { modelDashboard, objectiveDashboard, runbook }, replaceVariables),
    [modelDashboard, objectiveDashboard, runbook, replaceVariables]
  );
  const size = { width, height };
  switch (prepared.kind) {
    case 'loading':
      return <Loading />;
    case 'error':
      return <Statement message={prepared.message} actions={actions} mark="unknown" size={size} />;
    case 'empty': {
      const mark = prepared.isKnown ? 'healthy' : 'unknown';
      return <Statement message={prepared.message} mark={mark} centred size={size} />;
    }
    case 'refusal':
      return <Statement message={prepared.message} size={size} />;
    case 'alerts':
      return <AlertsView answer={prepared.answer} {...size} clock={clock} linksOf={linksOf} />;
  }
}
