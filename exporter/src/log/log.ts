/** Structured log on standard error. Secrets are masked by field name and, as a second line, in the text itself. */
import pino, { type DestinationStream, type Logger } from 'pino';

/** `level` may be set: a reload does. */
export type Log = Pick<Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'level'>;

export interface LogOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** `pretty` is one line for a person, `json` one object for a log collector. */
  readonly format: 'json' | 'pretty';
  /** Default: standard error, written at once so that nothing is lost at an exit. */
  readonly destination?: DestinationStream;
}

const SECRET_FIELDS = ['authorization', 'Authorization', 'token', 'password', 'secret'];

export function createLog(options: LogOptions): Log {
  const destination = options.destination ?? pino.destination({ fd: 2, sync: true });
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '***',
      },
      hooks: { streamWrite: (line) => (options.format === 'pretty' ? pretty(maskText(line)) : maskText(line)) },
    },
    destination
  );
}

/** Credentials that a library put into an error message: in a URL, or behind `Bearer`. */
function maskText(text: string): string {
  return text.replace(/\/\/[^/@\s"\\]+@/g, '//***@').replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 ***');
}

/** `03:18:07 warn  message  key=value`. */
function pretty(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg ?? '')}${rest && `  ${rest}`}\n`;
}
