/** Arguments of the commands: what is wrong with them is told in one sentence, with exit code 2. */
import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest';

export const CONFIG_FILE_FLAG = 'config.file';

/** A wrong argument; its message is for the person who typed it. */
export class UsageError extends Error {}

/** The values of each flag that was given. */
export type Flags = Readonly<Record<string, readonly string[]>>;

/** Text flags of a command: name without dashes -> its values. `names` are the flags that it knows. */
export function parseFlags(args: readonly string[], names: readonly string[]): Flags {
  return parse(args, names, false).flags;
}

/** Text flags of a command that also takes files, in any order. */
export function parseFlagsAndFiles(
  args: readonly string[],
  names: readonly string[]
): { readonly flags: Flags; readonly files: readonly string[] } {
  return parse(args, names, true);
}

function parse(args: readonly string[], names: readonly string[], allowPositionals: boolean) {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string', multiple: true }] as const));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals });
    return { flags: values as Flags, files: positionals };
  } catch (error) {
    throw new UsageError(sentence(error, args, names));
  }
}

function sentence(error: unknown, args: readonly string[], names: readonly string[]): string {
  const code = (error as { code?: string }).code;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const unknown = args.map((arg) => /^--?([^=]+)/.exec(arg)?.[1]).find((name) => name && !names.includes(name)) ?? '';
    const guess = nearest(unknown, names);
    return `--${unknown}: expected a known flag${guess ? `, did you mean --${guess}?` : ''}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** The last value of a flag that may be given once. */
export function single(flags: Flags, name: string): string | undefined {
  return flags[name]?.at(-1);
}

/** `30s`, `2m`, `1h`, or a number of seconds. */
export function durationSeconds(flag: string, text: string): number {
  const match = /^(\d{1,6})(s|m|h)?$/.exec(text);
  if (!match) throw new UsageError(`--${flag}: expected a duration such as 30s, 5m or 1h, got ${JSON.stringify(text)}`);
  const factor = { s: 1, m: 60, h: 3600 }[match[2] ?? 's'] ?? 1;
  return Number(match[1]) * factor;
}
