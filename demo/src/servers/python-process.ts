/** The families that Python's client adds of its own process: KServe's server and vLLM have them, MLServer does not. */
import { cpuSeconds, residentBytes } from './cost';
import { header, labelText, pythonFloat } from './exposition';
import type { ModelServer } from './model-server';

/** Value of a `_created` gauge, in Python's hand. */
export function createdAt(server: ModelServer): string {
  return (server.startedMs / 1_000).toExponential().replace(/e\+(\d)$/, 'e+0$1');
}

export function processText(server: ModelServer, nowMs: number): string {
  const traffic = server.models.map((model) => model.traffic);
  const one = (name: string, type: string, help: string, value: number) =>
    `${header(name, type, help)}${name} ${pythonFloat(value)}\n`;
  const info = { implementation: 'CPython', major: '3', minor: '11', patchlevel: '7', version: '3.11.7' };
  const resident = residentBytes(server.kind, traffic, nowMs);
  const cpu = cpuSeconds(server.kind, traffic, server.startedMs, nowMs, 'process');
  return (
    `${header('python_info', 'gauge', 'Python platform information')}python_info${labelText(info)} 1.0\n` +
    one('process_virtual_memory_bytes', 'gauge', 'Virtual memory size in bytes.', resident * 5) +
    one('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', resident) +
    one(
      'process_start_time_seconds',
      'gauge',
      'Start time of the process since unix epoch in seconds.',
      server.startedMs / 1_000
    ) +
    one('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.', cpu) +
    one('process_open_fds', 'gauge', 'Number of open file descriptors.', 18) +
    one('process_max_fds', 'gauge', 'Maximum number of open file descriptors.', 1_048_576)
  );
}
