/**
 * `npm run test:servers -- --record`: the metrics of the server after the traffic of the test, beside what was sent, become
 * fixtures of the quick tests (exporter/src/sources/servers/recorded-runs.test.ts).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerKind } from '@modelwatch/contract';

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
  const page = await (await fetch(metricsUrl)).text();
  writeFileSync(join(folder, 'metrics.txt'), page.replace(/(hostname)="[^"]*"/gi, '$1="host"'));
  const sent = { ...recording, recorded: new Date().toISOString().slice(0, 10) };
  writeFileSync(join(folder, 'sent.json'), `${JSON.stringify(sent, null, 2)}\n`);
}
