import { allocatable, podLimits, podRequests } from './amounts';
import { Fields } from './fields';

const drops: string[] = [];
const fields = (raw: Record<string, unknown>) => Fields.of(raw, 'Pod shop/a', (_, detail) => void drops.push(detail));
const container = (requests?: object, limits?: object, more: object = {}) => ({
  resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) },
  ...more,
});
const sidecar = (requests: object, limits?: object) => container(requests, limits, { restartPolicy: 'Always' });

beforeEach(() => void drops.splice(0));

describe('what a pod requests', () => {
  it.each<[string, Record<string, unknown>, object]>([
    ['nothing', { containers: [{}] }, {}],
    [
      'the sum of its containers, exactly',
      { containers: [container({ cpu: '100m', memory: '1Gi' }), container({ cpu: '200m', memory: '512Mi' })] },
      { cpuCores: 0.3, memoryBytes: 1610612736 },
    ],
    [
      'a limit where a container sets no request',
      { containers: [container({ cpu: '1' }, { cpu: '2', memory: '4Gi', 'nvidia.com/gpu': '2' })] },
      { cpuCores: 1, memoryBytes: 4294967296, gpus: { 'nvidia.com/gpu': 2 } },
    ],
    [
      'the largest init container, since they run one after another, where it is more',
      {
        initContainers: [container({ cpu: '3' }), container({ cpu: '2', memory: '1Gi' })],
        containers: [container({ cpu: '1', memory: '2Gi' })],
      },
      { cpuCores: 3, memoryBytes: 2147483648 },
    ],
    [
      'sidecars beside the containers',
      { initContainers: [sidecar({ cpu: '500m' })], containers: [container({ cpu: '1' })] },
      { cpuCores: 1.5 },
    ],
    [
      'sidecars beside the init containers that come after them, not before',
      {
        initContainers: [container({ cpu: '4' }), sidecar({ cpu: '2' }), container({ cpu: '3' })],
        containers: [container({ cpu: '1' })],
      },
      { cpuCores: 5 },
    ],
    [
      'overhead of its runtime on top',
      { overhead: { cpu: '250m', memory: '120Mi' }, containers: [container({ cpu: '1', memory: '1Gi' })] },
      { cpuCores: 1.25, memoryBytes: 1199570944 },
    ],
    [
      'what the pod as a whole requests in place of its containers, which still say of GPUs',
      {
        resources: { requests: { cpu: '2' } },
        containers: [container({ cpu: '1', memory: '1Gi' }, { 'nvidia.com/gpu': '1' })],
      },
      { cpuCores: 2, memoryBytes: 1073741824, gpus: { 'nvidia.com/gpu': 1 } },
    ],
    [
      'parts of GPUs under their own names, and no other extended resource',
      {
        containers: [
          container({
            'nvidia.com/mig-3g.20gb': '1',
            'nvidia.com/gpu.shared': '1',
            'amd.com/gpu': '1',
            'gpu.intel.com/i915': '1',
            'gpu.intel.com/millicores': '500',
            'ephemeral-storage': '1Gi',
            'hugepages-2Mi': '4Mi',
          }),
        ],
      },
      {
        gpus: { 'amd.com/gpu': 1, 'gpu.intel.com/i915': 1, 'nvidia.com/gpu.shared': 1, 'nvidia.com/mig-3g.20gb': 1 },
      },
    ],
  ])('is %s', (_, spec, expected) => {
    expect(podRequests(fields(spec))).toEqual(expected);
    expect(drops).toEqual([]);
  });

  it('counts what is no quantity, with its place, and takes the rest', () => {
    const spec = fields({ containers: [container({ cpu: 'two', memory: '1Gi' }), container({ cpu: '-1' })] });
    expect(podRequests(spec)).toEqual({ memoryBytes: 1073741824 });
    expect(drops).toEqual([
      'Pod shop/a containers[0].resources.requests.cpu: expected a quantity as in 500m or 1Gi, got "two"',
      'Pod shop/a containers[1].resources.requests.cpu: expected a quantity as in 500m or 1Gi, got "-1"',
    ]);
  });
});

describe('what a pod can use at most', () => {
  it.each<[string, Record<string, unknown>, object]>([
    [
      'the sum of the limits',
      { containers: [container({}, { cpu: '1', memory: '1Gi' }), container({}, { cpu: '2', memory: '1Gi' })] },
      { cpuCores: 3, memoryBytes: 2147483648 },
    ],
    [
      'nothing, where one container has no limit',
      { containers: [container({}, { cpu: '1', memory: '1Gi' }), container({}, { memory: '1Gi' })] },
      { memoryBytes: 2147483648 },
    ],
    [
      'nothing, where a sidecar has no limit; an init container without one is over soon',
      { initContainers: [sidecar({ cpu: '1' }), container()], containers: [container({}, { cpu: '1' })] },
      {},
    ],
    [
      'the limit of the whole pod, whatever its containers have',
      { resources: { limits: { cpu: '4' } }, containers: [container(), container({}, { cpu: '1' })] },
      { cpuCores: 4 },
    ],
    [
      'overhead on top, where there is a limit at all',
      { overhead: { cpu: '250m', memory: '120Mi' }, containers: [container({}, { cpu: '1' })] },
      { cpuCores: 1.25 },
    ],
  ])('is %s', (_, spec, expected) => {
    expect(podLimits(fields(spec))).toEqual(expected);
  });
});

it('takes of a node what pods can have, zeros included', () => {
  const status = fields({
    capacity: { cpu: '16' },
    allocatable: { cpu: '15890m', memory: '62185868Ki', 'nvidia.com/gpu': '0', pods: '110' },
  });
  expect(allocatable(status)).toEqual({ cpuCores: 15.89, memoryBytes: 63678328832, gpus: { 'nvidia.com/gpu': 0 } });
});
