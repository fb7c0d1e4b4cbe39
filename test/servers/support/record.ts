/**
 * `npm run test:servers -- --record`: the metrics of the server after the traffic of the test, beside what was sent, become
 * fixtures of the quick tests (exporter/src/sources/servers/recorded-runs.test.ts).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '@modelwatch/contract';
import { PROBES } from '../../../exporter/src/sources/servers/probes';

const FIXTURES = join(__dirname, '..', '..', '..', 'exporter', 'src', 'sources', 'servers', 'fixtures');

/** As `Page.requests` and `Page.tokens` give them, held against what was sent. */
export interface Recording {
  readonly kind: ServerKind;
  readonly server: string;
  readonly model: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly tokens: Readonly<Record<string, number>>;
}

export async function record(metricsUrl: string, recording: Recording): Promise<void> {
  if (!process.env.MODELWATCH_RECORD) return;
  const folder = join(FIXTURES, recording.kind, 'run');
  mkdirSync(folder, { recursive: true });
  const names = PROBES[recording.kind]?.metrics?.names ?? new Set();
  const lines = (await (await fetch(metricsUrl)).text()).split('\n');
  // A page may be large, and of other things for the most part.
  const read = lines.filter((line) => names.has(/^[\w:]+/.exec(line)?.[0] ?? ''));
  const page = read.map((line) => `${line.replace(/(hostname)="[^"]*"/gi, '$1="host"')}\n`).join('');
  writeFileSync(join(folder, 'metrics.txt'), page);
  const sent = { ...recording, recorded: new Date().toISOString().slice(0, 10) };
  writeFileSync(join(folder, 'sent.json'), `${JSON.stringify(sent, null, 2)}\n`);
}
