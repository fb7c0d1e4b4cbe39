import { setFlagsFromString } from 'node:v8';
import type { LoadedConfig } from '../config/load';
import { configFileOf, loadConfig } from '../config/load';
import { startExporter } from '../exporter';
import { createLog } from '../log/log';
import { configInput } from './config-arguments';

/**
 * On a machine with much memory V8 lets the heap grow to four times what is alive before it looks for garbage; with 512 MB
 * it takes less than twice. An exporter shares its machine and lives long.
 */
const HEAP_GROWING_PERCENT = 60;
/** A stop that takes longer than this is cut. */
const STOP_WITHIN_MS = 5_000;

/**
 * Runs until SIGTERM or SIGINT, then ends within 5 s. SIGHUP reads the configuration again.
 * @throws ConfigError with all refusals; Error when the port is taken.
 */
export async function runExporter(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  const input = configInput(args, env);
  const load = (): LoadedConfig => loadConfig(input);
  const { config, ignoredVariables } = load();
  const log = createLog(config.log);
  if (ignoredVariables.length > 0)
    log.info({ ignoredVariables }, 'Environment variables that are none of our settings');
  const asked = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  const running = await startExporter(config, { log, source: { load, file: configFileOf(input) } });
  const reload = () => void running.reload();
  process.on('SIGHUP', reload);
  const signal = await asked;
  log.info({ signal }, 'Ending');
  setTimeout(() => process.exit(0), STOP_WITHIN_MS - 500).unref();
  await running.stop();
}
