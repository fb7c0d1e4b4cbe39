/** NVIDIA Triton Inference Server (facts recorded from 2.51.0, see fixtures). Metrics are on a port of their own, 8002. */
import { TRITON_TRANSLATION } from '@modelwatch/contract';
import { modelName } from './names';
import { askIndex } from './oip';
import { serverMetrics, type ServerProbe } from './probe';

export const TRITON: ServerProbe = {
  kind: 'triton',
  serverNames: ['triton'],
  models: (ask, target, drop) =>
    askIndex(ask, target, drop, (entry) => {
      const { model, version } = modelName(entry.name, entry.version, target.versionSuffix);
      return {
        name: model,
        ready: entry.state === 'ready',
        state: entry.state,
        ...(version === '' ? {} : { version }),
        ...(entry.reason === undefined ? {} : { reason: entry.reason }),
      };
    }),
  metrics: serverMetrics(TRITON_TRANSLATION, { port: 8002 }),
};
