/** Asks for the given URLs one after the other and says how each was refused, and how far its own memory went up by it. */
import { createTransport } from '../../exporter/src/sources/servers/transport';
import type { ProbeTarget } from '../../exporter/src/domain/probe-target';

/** As the exporter has it unless it is configured. */
const MAX_BODY_BYTES = 16_777_216;
const [base = '', ...paths] = process.argv.slice(2);
const endpoint = { namespace: 'standalone', server: 'large', replica: 'r' };
const target: ProbeTarget = { endpoint, url: base, models: [], versionSuffix: false };

async function main(): Promise<void> {
  const transport = createTransport({ maxBodyBytes: MAX_BODY_BYTES });
  const ask = (path: string) =>
    transport.send(target, 'GET', `${base}${path}`, AbortSignal.timeout(20_000)).then(
      ({ status }) => String(status),
      (error: { readonly cause?: string }) => String(error.cause)
    );
  for (let time = 0; time < 20; time += 1) await ask('/small');
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 2);
  const causes: string[] = [];
  for (const path of paths) causes.push(await ask(path));
  clearInterval(watch);
  process.send?.({ causes, grownMB: (peak - before) / 1_048_576 });
  await transport.close();
}

void main();
