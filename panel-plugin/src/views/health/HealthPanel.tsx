import React, { useCallback } from 'react';
import type { PanelProps } from '@grafana/data';
import { modelCondition } from '../../model/alertRules';
import { prepare } from '../../model/prepare';
import type { ModelView, Prepared } from '../../model/types';
import { decodeOptions, type PanelOptions } from '../../options';
import { alertLinks, useAlertTarget } from '../shared/alertTarget';
import { Loading, Statement } from '../shared/States';
import { usePrepared } from '../shared/usePrepared';
import { HealthView } from './HealthView';
import { linksFor } from './links';

const isGood = ({ kind }: Prepared) => kind === 'fleet';

/** Props of Grafana in, one of the prepared states out. */
export function HealthPanel(props: PanelProps<PanelOptions>) {
  const { id, data, width, height, timeZone, replaceVariables } = props;
  const { mode, modelDashboard, staleAfterSeconds } = decodeOptions(props.options);
  const staleAfterMs = staleAfterSeconds * 1000;
  const { prepared, clock, actions } = usePrepared({ data, timeZone, staleAfterMs, prepare, isGood });

  const target = useAlertTarget(data, id);
  const linksOf = useCallback(
    (model: ModelView) => [
      ...linksFor(model, modelDashboard, replaceVariables),
      ...alertLinks(modelCondition(model), target),
    ],
    [modelDashboard, replaceVariables, target]
  );
  const size = { width, height };
  switch (prepared.kind) {
    case 'loading':
      return <Loading />;
    case 'error':
      return <Statement message={prepared.message} actions={actions} mark="unknown" size={size} />;
    case 'empty':
    case 'refusal':
      return <Statement message={prepared.message} size={size} />;
    case 'fleet':
      return <HealthView {...prepared} {...size} mode={mode} clock={clock} linksOf={linksOf} />;
  }
}
