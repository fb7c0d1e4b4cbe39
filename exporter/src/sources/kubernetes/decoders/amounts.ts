/**
 * What a pod requests and may use, as the scheduler adds it up (Kubernetes, "Pod overhead" and "Sidecar containers"):
 * the larger of what its containers need together and what its init containers need one after another, plus overhead.
 * Init containers that restart always are sidecars: they need theirs for as long as the pod lives.
 */
import type { Amounts } from '../../../domain/resources';
import { present, type Fields } from './fields';
import { share } from './share';

type Sums = Map<string, number>;
type Bound = 'requests' | 'limits';

/** Whole ones, parts of NVIDIA's, and Intel's by its two drivers; `gpu.intel.com/millicores` and the like are no GPUs. */
const GPU = /^(.+\/gpu|nvidia\.com\/(gpu\.shared|mig-.+)|gpu\.intel\.com\/(i915|xe))$/;
const isCounted = (name: string) => name === 'cpu' || name === 'memory' || GPU.test(name);

/** What one container requests: where only a limit is set, Kubernetes takes it for the request too. */
export function requestsOf(container: Fields): Sums {
  const resources = container.child('resources');
  return new Map([...read(resources.child('limits')), ...read(resources.child('requests'))]);
}

export function podRequests(spec: Fields): Amounts {
  return amounts(effective(spec, 'requests', requestsOf));
}

/** A container without a limit may use what it finds: then the pod has none. GPUs are counted where they are named. */
export function podLimits(spec: Fields): Amounts {
  const sums = effective(spec, 'limits', (container) => read(container.child('resources').child('limits')));
  const whole = read(spec.child('resources').child('limits'));
  const lasting = [...spec.children('containers'), ...spec.children('initContainers').filter(isSidecar)];
  for (const name of ['cpu', 'memory']) {
    const bounded = lasting.every((container) => container.child('resources').child('limits').has(name));
    if (!bounded && !whole.has(name)) sums.delete(name);
  }
  return amounts(sums);
}

export function allocatable(status: Fields): Amounts {
  return amounts(read(status.child('allocatable')));
}

function effective(spec: Fields, bound: Bound, of: (container: Fields) => Sums): Sums {
  const containers = sum(spec.children('containers').map(of));
  let sidecars: Sums = new Map();
  let peak: Sums = new Map();
  for (const init of spec.children('initContainers')) {
    if (isSidecar(init)) {
      sidecars = sum([sidecars, of(init)]);
      peak = highest(peak, sidecars);
    } else peak = highest(peak, sum([sidecars, of(init)]));
  }
  const whole = new Map([
    ...highest(sum([containers, sidecars]), peak),
    // Since 1.34 a pod can have bounds of its own, which count instead of those of its containers.
    ...read(spec.child('resources').child(bound)),
  ]);
  const overhead = read(spec.child('overhead'));
  if (bound === 'limits') for (const name of overhead.keys()) if (!whole.has(name)) overhead.delete(name);
  return sum([whole, overhead]);
}

function isSidecar(init: Fields): boolean {
  return init.text('restartPolicy') === 'Always';
}

function read(resources: Fields): Sums {
  const sums: Sums = new Map();
  for (const name of resources.keys()) {
    if (!isCounted(name)) continue;
    const value = resources.quantity(name);
    if (value !== undefined) sums.set(name, value);
  }
  return sums;
}

function sum(parts: readonly Sums[]): Sums {
  const out: Sums = new Map();
  for (const part of parts) for (const [name, value] of part) out.set(name, (out.get(name) ?? 0) + value);
  return out;
}

function highest(a: Sums, b: Sums): Sums {
  const out = new Map(a);
  for (const [name, value] of b) out.set(name, Math.max(out.get(name) ?? 0, value));
  return out;
}

function amounts(sums: Sums): Amounts {
  const gpus = Object.fromEntries([...sums].filter(([name]) => GPU.test(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
  return share(
    present({
      cpuCores: rounded(sums.get('cpu')),
      memoryBytes: rounded(sums.get('memory')),
      gpus: Object.keys(gpus).length > 0 ? gpus : undefined,
    })
  );
}

/** Sums of binary fractions without their tail: cores to a millionth. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1e6) / 1e6;
}
