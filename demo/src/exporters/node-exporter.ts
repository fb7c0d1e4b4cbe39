/** node-exporter of every node, told apart by `instance`: a few families, in agreement with the pods of the node. */
import { share } from '../random';
import type { KubernetesObject } from '../types';
import type { ContainerUse } from './containers';
import { family, type Sample } from './go-text';

const CORES = 32;
const MEMORY_BYTES = 128 * 1_024 ** 3;
const DISK_BYTES = 900 * 1_024 ** 3;
/** What the system itself uses. */
const SYSTEM_CORES = 0.4;
const SYSTEM_BYTES = 3 * 1_024 ** 3;

export function nodeExporterText(
  uses: readonly ContainerUse[],
  nodes: readonly KubernetesObject[],
  bootMs: number,
  nowMs: number
): string {
  const seconds = Math.max(0, nowMs - bootMs) / 1_000;
  const rows = nodes.map(({ metadata: { name } }) => {
    const here = uses.filter((use) => use.pod.spec.nodeName === name);
    const used = here.reduce((sum, use) => sum + use.cpuSecondsEver, 0);
    const memory = here.reduce((sum, use) => sum + (use.running ? use.memoryBytes : 0), 0);
    const busy = here.reduce((sum, use) => sum + (use.busy ?? 0), 0);
    return { name, instance: `${name}:9100`, used, memory, busy };
  });
  const each = (value: (row: (typeof rows)[number]) => number): readonly Sample[] =>
    rows.map((row) => [{ instance: row.instance }, value(row)]);
  const cpu = rows.flatMap(({ instance, used }): readonly Sample[] => {
    const system = seconds * SYSTEM_CORES;
    const mode = (name: string, value: number): Sample => [
      { cpu: '0', instance, mode: name },
      Number(Math.max(0, value).toFixed(2)),
    ];
    return [mode('user', used), mode('system', system), mode('idle', seconds * CORES - used - system)];
  });
  return (
    family('node_cpu_seconds_total', 'counter', 'Seconds the CPUs spent in each mode.', cpu) +
    family(
      'node_load1',
      'gauge',
      '1m load average.',
      each(({ busy }) => Number((SYSTEM_CORES + busy).toFixed(2)))
    ) +
    family(
      'node_memory_MemTotal_bytes',
      'gauge',
      'Memory information field MemTotal_bytes.',
      each(() => MEMORY_BYTES)
    ) +
    family(
      'node_memory_MemAvailable_bytes',
      'gauge',
      'Memory information field MemAvailable_bytes.',
      each(({ memory }) => MEMORY_BYTES - SYSTEM_BYTES - memory)
    ) +
    family(
      'node_filesystem_size_bytes',
      'gauge',
      'Filesystem size in bytes.',
      rows.map(({ instance }): Sample => [
        { device: '/dev/nvme0n1p1', fstype: 'ext4', instance, mountpoint: '/' },
        DISK_BYTES,
      ])
    ) +
    family(
      'node_filesystem_avail_bytes',
      'gauge',
      'Filesystem space available to non-root users in bytes.',
      rows.map(({ instance, name }): Sample => [
        { device: '/dev/nvme0n1p1', fstype: 'ext4', instance, mountpoint: '/' },
        Math.floor(DISK_BYTES * (0.4 + 0.3 * share(name, 'disk'))),
      ])
    ) +
    family(
      'node_uname_info',
      'gauge',
      'Labeled system information as provided by the uname system call.',
      rows.map(({ instance, name }): Sample => [
        { instance, machine: 'x86_64', nodename: name, release: '6.8.0', sysname: 'Linux' },
        1,
      ])
    )
  );
}
