import React, { lazy, Suspense, useState } from 'react';
import { Button } from '@grafana/ui';
import type { ModelwatchDataSource } from '../datasource';
import type { ModelwatchQuery } from '../query/types';

const AlertRule = lazy(async () => ({
  default: (await import(/* webpackChunkName: "alerting" */ './AlertRule')).AlertRule,
}));

export interface AlertOnProps {
  readonly query: ModelwatchQuery;
  readonly datasource: ModelwatchDataSource;
}

/** The way to a rule: Grafana cannot alert on this data source itself, so what Prometheus can alert on is shown on request. */
export function AlertOn(props: AlertOnProps): React.JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <Button
        variant="secondary"
        fill="text"
        size="sm"
        icon={isOpen ? 'angle-down' : 'angle-right'}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        Alert on this
      </Button>
      {isOpen && (
        <Suspense fallback={<span role="status">Loading the query to alert on</span>}>
          <AlertRule {...props} />
        </Suspense>
      )}
    </div>
  );
}
