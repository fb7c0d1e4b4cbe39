/** The words in which the states of KServe's resources are written: changes of a base object. */

type Json = Record<string, unknown>;
/** By `Kind name`; see `patched` of the test. */
export type Patch = Readonly<Record<string, (Json & { readonly conditions?: Record<string, Json | null> }) | null>>;
/** A title, the base that is changed, and how. */
export type State = readonly [title: string, base: 'standard' | 'knative' | 'llm' | 'graph', patch: Patch];

export const no = (reason?: string, message?: string) => ({
  status: 'False',
  ...(reason ? { reason } : {}),
  ...(message ? { message } : {}),
});
export const yes = (reason?: string) => ({ status: 'True', ...(reason ? { reason } : {}) });
export const replicas = (ready: number, desired: number) => ({
  spec: { replicas: desired },
  status: { readyReplicas: ready, updatedReplicas: desired },
});
export const crash = {
  status: {
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      { name: 'kserve-container', ready: false, restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff' } } },
    ],
  },
};
