import { preview, CHANGED_KINDS, type ChangedKind } from '@modelwatch/contract';
import { configFileOf, loadConfig, type LoadedConfig } from '../config/load';
import { createLog } from '../log/log';
import { undo } from '../responder/undo';
import { clusterOf, startResponder } from '../responding';
import { UsageError } from './arguments';
import { configInput } from './config-arguments';

/** A stop that takes longer than this is cut; what is being done by then is in the journal as begun. */
const STOP_WITHIN_MS = 20_000;

/**
 * Acts upon alerts until SIGTERM or SIGINT; SIGHUP reads the configuration again. `undo KIND NAMESPACE/NAME` takes back
 * what was done.
 * @throws UsageError; ConfigError with all refusals; Error when the port is taken
 */
export async function runResponder(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (args[0] === 'undo') return runUndo(args.slice(1), env);
  const input = configInput(args, env);
  const load = (): LoadedConfig => loadConfig(input);
  const { config } = load();
  if (!config.responder.enabled)
    throw new UsageError('responder.enabled: expected true, got false: it is off by default');
  const log = createLog(config.log);
  const asked = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  const running = await startResponder(config, { log, source: { load, file: configFileOf(input) } });
  process.on('SIGHUP', running.reload);
  log.info({ signal: await asked }, 'Ending');
  setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
  await running.stop();
}

async function runUndo([kind, place = '', ...flags]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (!isKind(kind)) throw new UsageError(`undo: expected one of ${CHANGED_KINDS.join(', ')}, got ${preview(kind)}`);
  const [namespace, name, ...more] = place.split('/');
  if (!namespace || !name || more.length > 0)
    throw new UsageError(`undo: expected NAMESPACE/NAME, got ${preview(place)}`);
  const { config } = loadConfig(configInput(flags, env));
  const { cluster, close } = clusterOf(config);
  try {
    process.stdout.write(`${await undo(kind, { namespace, name }, cluster)}\n`);
  } finally {
    await close();
  }
}

function isKind(text: string | undefined): text is ChangedKind {
  return (CHANGED_KINDS as readonly (string | undefined)[]).includes(text);
}
