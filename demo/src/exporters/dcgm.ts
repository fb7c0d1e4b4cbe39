/** NVIDIA's DCGM exporter: each GPU with the container that has it; memory in MiB, use in percent. */
import { share, uid } from '../random';
import type { Labels } from '../servers/exposition';
import { quantity, type ContainerUse } from './containers';
import { family, type Sample } from './go-text';

const TOTAL_MEBIBYTES = 81_920;
const RESERVED_MEBIBYTES = 626;
/** An LLM server takes nearly all memory at its start, whatever it is asked. */
const LLM_CONTAINER = 'main';
const LLM_SHARE = 0.92;
const PERCENT_PER_REQUEST = 24;
const IDLE_WATTS = 62;

interface Gpu {
  readonly labels: Labels;
  readonly percent: number;
  readonly used: number;
}

export function dcgmText(uses: readonly ContainerUse[]): string {
  const gpus = gpusOf(uses);
  const each = (value: (gpu: Gpu) => number): readonly Sample[] => gpus.map((gpu) => [gpu.labels, value(gpu)]);
  return (
    family(
      'DCGM_FI_DEV_GPU_UTIL',
      'gauge',
      'GPU utilization (in %).',
      each((gpu) => gpu.percent)
    ) +
    family(
      'DCGM_FI_DEV_FB_USED',
      'gauge',
      'Framebuffer memory used (in MiB).',
      each((gpu) => gpu.used)
    ) +
    family(
      'DCGM_FI_DEV_FB_FREE',
      'gauge',
      'Framebuffer memory free (in MiB).',
      each((gpu) => TOTAL_MEBIBYTES - RESERVED_MEBIBYTES - gpu.used)
    ) +
    family(
      'DCGM_FI_DEV_POWER_USAGE',
      'gauge',
      'Power draw (in W).',
      each((gpu) => Number((IDLE_WATTS + gpu.percent * 3.2).toFixed(1)))
    )
  );
}

function gpusOf(uses: readonly ContainerUse[]): readonly Gpu[] {
  const next = new Map<string, number>();
  return uses.flatMap((use) => {
    const count = quantity(use.spec.resources.requests?.['nvidia.com/gpu'] ?? '0');
    const { nodeName } = use.pod.spec;
    const { name, namespace } = use.pod.metadata;
    const first = next.get(nodeName) ?? 0;
    next.set(nodeName, first + count);
    // Shared by all GPUs of a container, and none of it while the container is not running.
    const busy = use.running ? (use.busy ?? 0) : 0;
    const percent = Math.min(100, Math.round((busy * PERCENT_PER_REQUEST) / Math.max(1, count)));
    const loaded =
      use.spec.name === LLM_CONTAINER
        ? LLM_SHARE * TOTAL_MEBIBYTES
        : 2_048 + Math.floor(share(namespace, name, 'framebuffer') * 9_000);
    return Array.from({ length: count }, (_, i) => ({
      labels: {
        gpu: String(first + i),
        UUID: `GPU-${uid(nodeName, 'gpu', first + i)}`,
        pci_bus_id: `00000000:0${(first + i) % 10}:00.0`,
        device: `nvidia${first + i}`,
        modelName: 'NVIDIA A100-SXM4-80GB',
        Hostname: nodeName,
        DCGM_FI_DRIVER_VERSION: '580.65.06',
        container: use.spec.name,
        namespace,
        pod: name,
      },
      percent,
      used: use.running ? Math.floor(loaded) : 0,
    }));
  });
}
