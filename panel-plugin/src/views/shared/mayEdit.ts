import { config } from '@grafana/runtime';

/** Whether the reader may change things: who may not would be sent to the home page. */
export function mayEdit(): boolean {
  const user = config.bootData?.user;
  return Boolean(user && (user.isGrafanaAdmin || user.orgRole === 'Editor' || user.orgRole === 'Admin'));
}
