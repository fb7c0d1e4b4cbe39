import { ConfigError, loadConfig } from '../config/load';
import { readWebFile } from '../config/web-file';
import { configInput } from './arguments';

/** Prints OK and the hash, or every refusal. @returns the exit code */
export function runCheck(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const input = configInput(args, env);
  try {
    const { config, hash, ignoredVariables } = loadConfig(input);
    if (config.web.configFile !== undefined) readWebFile(config.web.configFile);
    for (const name of ignoredVariables) console.log(`${name}: not a setting of the exporter, ignored`);
    console.log(`OK: ${input.file ?? 'defaults, environment and flags'} (hash ${hash})`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) console.log(problem);
    return 1;
  }
}
