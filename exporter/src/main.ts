#!/usr/bin/env node
/** `modelwatch`: picks the command; each is in cli/. */
import { UsageError } from './cli/arguments';
import {
  INGEST_USAGE,
  PROFILE_USAGE,
  REPORT_USAGE,
  RESPONDER_USAGE,
  RULES_USAGE,
  STATUS_USAGE,
  USAGE,
} from './cli/usage';
import { VERSION } from './version';

interface Command {
  readonly usage: () => string | Promise<string>;
  /** Gives the exit code; 0 when it gives none. */
  readonly run: (args: string[]) => Promise<number | void>;
}

/**
 * Each is loaded only when it is asked for: what the exporter needs takes a second, which nobody should wait for who
 * profiles a table, and an exporter in a cluster has no use for the demo.
 */
const demo = () => import('@modelwatch/demo');
const configUsage = async (command: string) => (await import('./cli/config-arguments.js')).configUsage(command);

const COMMANDS: Record<string, Command> = {
  exporter: {
    usage: () => configUsage('exporter'),
    run: async (args) => (await import('./cli/exporter.js')).runExporter(args, process.env),
  },
  check: {
    usage: () => configUsage('check'),
    run: async (args) => (await import('./cli/check.js')).runCheck(args, process.env),
  },
  status: {
    usage: () => STATUS_USAGE,
    run: async (args) => (await import('./cli/status.js')).runStatus(args, process.env),
  },
  ingest: {
    usage: () => INGEST_USAGE,
    run: async (args) => (await import('./cli/ingest.js')).runIngest(args, process.env),
  },
  profile: { usage: () => PROFILE_USAGE, run: async (args) => (await import('./cli/profile.js')).runProfile(args) },
  rules: { usage: () => RULES_USAGE, run: async (args) => (await import('./cli/rules.js')).runRules(args) },
  report: { usage: () => REPORT_USAGE, run: async (args) => (await import('./cli/report.js')).runReport(args) },
  responder: {
    usage: () => RESPONDER_USAGE,
    run: async (args) => (await import('./cli/responder.js')).runResponder(args, process.env),
  },
  demo: {
    usage: async () => `Usage:\n${(await demo()).DEMO_USAGE}`,
    run: async (args) => (await demo()).runDemoProgram(args),
  },
};

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    say(USAGE);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    say(VERSION);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(`${name}: expected a command, one of ${Object.keys(COMMANDS).join(', ')}`);
  if (args.includes('--help') || args.includes('-h')) {
    say(await command.usage());
    return 0;
  }
  return (await command.run(args)) ?? 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

// `modelwatch rules | head`: whoever read has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
    // Only when something is still open: kept-alive connections must not hold the process.
    setTimeout(() => process.exit(), 300).unref();
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`modelwatch: ${message}\n`);
    // The demo has a usage error of its own; both are classes that extend Error alone.
    const isUsage = error instanceof UsageError || (error instanceof Error && error.constructor.name === 'UsageError');
    if (isUsage) process.stderr.write('Run "modelwatch --help" for how to use it.\n');
    process.exit(isUsage ? 2 : 1);
  }
);
