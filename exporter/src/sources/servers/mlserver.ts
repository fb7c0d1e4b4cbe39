/** MLServer (facts recorded from 1.7.1, see fixtures). Metrics are on a port of their own, 8082. */
import { MLSERVER_TRANSLATION } from '@modelwatch/contract';
import { modelName } from './names';
import { askIndex } from './oip';
import { serverMetrics, type ServerProbe } from './probe';

export const MLSERVER: ServerProbe = {
  kind: 'mlserver',
  serverNames: ['mlserver'],
  // The index says READY, UNAVAILABLE, or UNKNOWN while the model loads; its reason is always empty.
  models: (ask, target, drop) =>
    askIndex(ask, target, drop, (entry) => {
      const { model, version } = modelName(entry.name, entry.version, target.versionSuffix);
      return {
        name: model,
        ready: entry.state === 'ready',
        state: entry.state === 'unknown' ? 'loading' : entry.state,
        ...(version === '' ? {} : { version }),
      };
    }),
  metrics: serverMetrics(MLSERVER_TRANSLATION, { port: 8082 }),
};
