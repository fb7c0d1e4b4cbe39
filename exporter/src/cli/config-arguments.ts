/** The configuration as arguments: apart from other arguments, since its schema takes half a second to load. */
import { CONFIG_KEYS, expectation } from '../config/keys';
import type { ConfigInput } from '../config/load';
import { CONFIG_FILE_FLAG, parseFlags, single } from './arguments';

/** The flags of the configuration, for `exporter` and `check`; `more` are flags that the command has besides. */
export function configInput(
  args: readonly string[],
  env: ConfigInput['env'],
  more: readonly string[] = []
): ConfigInput {
  const names = [...more, CONFIG_FILE_FLAG, ...CONFIG_KEYS.filter(({ fileOnly }) => !fileOnly).map(({ flag }) => flag)];
  const flags = parseFlags(args, names);
  return { file: single(flags, CONFIG_FILE_FLAG), env, flags };
}

/** Every flag of the configuration, with what it takes and its default. */
export function configUsage(command: string): string {
  const rows = CONFIG_KEYS.filter(({ fileOnly }) => !fileOnly).map(({ flag, node }) => {
    const fallback =
      node.default === undefined || Array.isArray(node.default) ? '' : ` (default ${String(node.default)})`;
    return [`  --${flag}`, `${expectation(node)}${fallback}`] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2;
  const table = rows.map(([flag, text]) => `${flag.padEnd(width)}${text}`).join('\n');
  return `Usage: modelwatch ${command} [--${CONFIG_FILE_FLAG} FILE] [flags]

Flags win over environment variables, those over the file. --web.port is MODELWATCH_WEB_PORT and web.port in the file.

${table}`;
}
