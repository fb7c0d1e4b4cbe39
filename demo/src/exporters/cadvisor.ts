/** cAdvisor as the kubelet shows it: counters begin anew with each restart of a container, under another id. */
import type { Labels } from '../servers/exposition';
import { quantity, type ContainerUse } from './containers';
import { family, type Sample } from './go-text';

const PERIOD_MICROSECONDS = 100_000;
/** Share of the CPU time of a limited container that it had to wait for its next period. */
const THROTTLED = 0.03;
const RECEIVED_PER_REQUEST = 2_200;
const SENT_PER_REQUEST = 3_100;
const IDLE_BYTES_PER_SECOND = 400;

function labelsOf({ pod, spec, restarts }: ContainerUse): Labels {
  const { name, namespace, uid } = pod.metadata;
  return {
    container: spec.name,
    id: `/kubepods/burstable/pod${uid}/${spec.name}-${restarts}`,
    image: spec.image,
    name: `${spec.name}-${uid.slice(0, 8)}-${restarts}`,
    namespace,
    pod: name,
  };
}

const heldBack = ({ cpuSeconds, heldBackSeconds }: ContainerUse) => cpuSeconds * THROTTLED + heldBackSeconds;

export function cadvisorText(uses: readonly ContainerUse[], nowMs: number): string {
  const running = uses.filter((use) => use.running);
  const each = (value: (use: ContainerUse) => number, more: Labels = {}): readonly Sample[] =>
    running.map((use) => [{ ...labelsOf(use), ...more }, value(use)]);
  const limited = running.flatMap((use) => {
    const cores = quantity(use.spec.resources.limits?.cpu ?? '0');
    return cores === 0 ? [] : [{ use, cores }];
  });
  const device = { device: '/dev/nvme0n1p1' };
  const limits = (value: (one: { use: ContainerUse; cores: number }) => number): readonly Sample[] =>
    limited.map((one) => [labelsOf(one.use), value(one)]);
  return (
    family('container_cpu_usage_seconds_total', 'counter', 'Cumulative cpu time consumed in seconds.', [
      ...each((use) => use.cpuSeconds, { cpu: 'total' }),
    ]) +
    // A period counts while there is work to do.
    family(
      'container_cpu_cfs_periods_total',
      'counter',
      'Number of elapsed enforcement period intervals.',
      limits(({ use }) => Math.floor(use.cpuSeconds * 20))
    ) +
    family(
      'container_cpu_cfs_throttled_periods_total',
      'counter',
      'Number of throttled period intervals.',
      limits(({ use }) => Math.floor(heldBack(use) * 20))
    ) +
    family(
      'container_cpu_cfs_throttled_seconds_total',
      'counter',
      'Total time duration the container has been throttled.',
      limits(({ use }) => Number(heldBack(use).toFixed(3)))
    ) +
    family(
      'container_spec_cpu_period',
      'gauge',
      'CPU period of the container.',
      limits(() => PERIOD_MICROSECONDS)
    ) +
    family(
      'container_spec_cpu_quota',
      'gauge',
      'CPU quota of the container.',
      limits(({ cores }) => cores * PERIOD_MICROSECONDS)
    ) +
    family(
      'container_memory_working_set_bytes',
      'gauge',
      'Current working set in bytes.',
      each((use) => use.memoryBytes)
    ) +
    // 0: no limit.
    family(
      'container_spec_memory_limit_bytes',
      'gauge',
      'Memory limit for the container.',
      each((use) => quantity(use.spec.resources.limits?.memory ?? '0'))
    ) +
    family(
      'container_fs_usage_bytes',
      'gauge',
      'Number of bytes that are consumed by the container on this filesystem.',
      each((use) => use.diskBytes, device)
    ) +
    family(
      'container_fs_reads_bytes_total',
      'counter',
      'Cumulative count of bytes read',
      each((use) => use.diskBytes + Math.floor(use.cpuSeconds * 900), device)
    ) +
    family(
      'container_fs_writes_bytes_total',
      'counter',
      'Cumulative count of bytes written',
      each((use) => Math.floor(use.cpuSeconds * 2_600), device)
    ) +
    network(uses, nowMs)
  );
}

/** Counted for the pod, by its pause container, which nothing restarts. */
function network(uses: readonly ContainerUse[], nowMs: number): string {
  const pods = new Map<string, { use: ContainerUse; requests: number }>();
  for (const use of uses) {
    const { uid } = use.pod.metadata;
    pods.set(uid, { use, requests: Math.max(use.requests, pods.get(uid)?.requests ?? 0) });
  }
  const each = (perRequest: number): readonly Sample[] =>
    [...pods.values()].map(({ use: { pod }, requests }) => {
      const { name, namespace, uid, creationTimestamp } = pod.metadata;
      const seconds = Math.max(0, nowMs - Date.parse(creationTimestamp)) / 1_000;
      const labels: Labels = {
        id: `/kubepods/burstable/pod${uid}`,
        image: 'registry.k8s.io/pause:3.10',
        interface: 'eth0',
        name: `pause-${uid.slice(0, 8)}`,
        namespace,
        pod: name,
      };
      return [labels, Math.floor(seconds * IDLE_BYTES_PER_SECOND) + requests * perRequest];
    });
  return (
    family(
      'container_network_receive_bytes_total',
      'counter',
      'Cumulative count of bytes received',
      each(RECEIVED_PER_REQUEST)
    ) +
    family(
      'container_network_transmit_bytes_total',
      'counter',
      'Cumulative count of bytes transmitted',
      each(SENT_PER_REQUEST)
    )
  );
}
