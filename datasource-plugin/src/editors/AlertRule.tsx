import React from 'react';
import { config, getTemplateSrv, locationService } from '@grafana/runtime';
import { ClipboardButton, LinkButton, Stack, Text } from '@grafana/ui';
import { alertRuleHref, type AlertCondition } from '@modelwatch/contract';
import { alertableOf } from '../query/alertable';
import type { AlertOnProps } from './AlertOn';

/** Whether the reader may change things: who may not would be sent to the home page. */
function mayEdit(): boolean {
  const user = config.bootData?.user;
  return Boolean(user && (user.isGrafanaAdmin || user.orgRole === 'Editor' || user.orgRole === 'Admin'));
}

function formOf(condition: AlertCondition, uid: string | undefined): string | undefined {
  const prometheusUid = uid && getTemplateSrv().replace(uid);
  if (!prometheusUid || !mayEdit()) return undefined;
  const { pathname, search } = locationService.getLocation();
  return `${config.appSubUrl ?? ''}${alertRuleHref(condition, { prometheusUid }, `${pathname}${search}`)}`;
}

/** PromQL to alert on, to copy or as Grafana's form filled in; of what nothing can alert on, why. */
export function AlertRule({ query, datasource }: AlertOnProps): React.JSX.Element {
  const found = alertableOf(query, datasource.resolve(query.filters));
  if ('whyNot' in found) return <Text color="secondary">{found.whyNot}</Text>;
  const { condition, note } = found;
  const { expr, fires, threshold, holdsFor } = condition;
  const href = formOf(condition, datasource.prometheusUid);
  return (
    <Stack direction="column" gap={0.5}>
      <pre aria-label="PromQL to alert on" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: 0 }}>
        {expr}
      </pre>
      <Text color="secondary">
        Fires where it is {fires} {threshold} for {holdsFor}, and where Prometheus has no data. {note}
      </Text>
      <Stack gap={1}>
        <ClipboardButton variant="secondary" size="sm" icon="copy" getText={() => expr}>
          Copy PromQL
        </ClipboardButton>
        {href && (
          // In a tab of its own: the panel that is edited here is not saved yet.
          <LinkButton variant="secondary" size="sm" icon="bell" href={href} target="_blank">
            Create rule
          </LinkButton>
        )}
      </Stack>
    </Stack>
  );
}
