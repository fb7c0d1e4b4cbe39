import { dependencyTimes } from './dependencies';
import { configSchema } from './schema';

const TCP = { name: 'orders', namespace: 'data', role: 'database', tcp: { address: 'db.internal:5432' } };

function problems(dependencies: readonly unknown[], more: object = {}): string[] {
  const { error } = configSchema.safeParse({ servers: { dependencies }, ...more });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('servers.dependencies', () => {
  it('takes the times of the servers where it names none, and never a deadline above its interval', () => {
    const { servers } = configSchema.parse({
      servers: { dependencies: [TCP, { ...TCP, name: 'b', intervalSeconds: 2 }] },
    });
    expect(servers.dependencies.map((one) => dependencyTimes(one, servers))).toEqual([
      { intervalSeconds: 15, timeoutSeconds: 5 },
      { intervalSeconds: 2, timeoutSeconds: 2 },
    ]);
  });

  it('is enough to watch', () => {
    expect(problems([TCP], { kubernetes: { enabled: false } })).toEqual([]);
    expect(problems([], { kubernetes: { enabled: false } })[0]).toContain('servers.dependencies');
  });

  it.each(['db.internal:5432', '10.0.0.5:1', '[fd00::1]:65535'])('takes the address %s', (address) => {
    expect(problems([{ ...TCP, tcp: { address } }])).toEqual([]);
  });

  it.each(['db.internal', 'db.internal:0', 'db:65536', 'tcp://db:5432', 'fd00::1:5432', 'user@db:5432', ':5432'])(
    'refuses the address %s',
    (address) => {
      expect(problems([{ ...TCP, tcp: { address } }])).toEqual([
        'servers.dependencies.0.tcp.address: a host and a port from 1 to 65535, as in db.internal:5432 or [fd00::1]:5432',
      ]);
    }
  );

  const http = { url: 'https://store.internal/health' };
  it.each([
    ['both ways', { ...TCP, http }, 'servers.dependencies.0: either http or tcp'],
    ['neither way', { ...TCP, tcp: undefined }, 'servers.dependencies.0: either http or tcp'],
    [
      'a slow deadline',
      { ...TCP, timeoutSeconds: 16 },
      'servers.dependencies.0.timeoutSeconds: at most the interval of 15',
    ],
    ['a role of the platform', { ...TCP, role: 'kafka' }, 'servers.dependencies.0.role: '],
    ['a typo', { ...TCP, models: [] }, 'servers.dependencies.0: Unrecognized key: "models"'],
    [
      'a password in the address',
      { ...TCP, tcp: undefined, http: { url: 'https://u:hunter2@store.internal/' } },
      'servers.dependencies.0.http.url: an address without user and password, which are basicAuth',
    ],
    [
      'a path that is none',
      { ...TCP, tcp: undefined, http: { ...http, expect: [{ path: 'a[', equals: 1 }] } },
      'servers.dependencies.0.http.expect.0.path: ',
    ],
    [
      'an expectation of nothing',
      { ...TCP, tcp: undefined, http: { ...http, expect: [{ path: 'a' }] } },
      'servers.dependencies.0.http.expect.0: exactly one of equals, in and matches',
    ],
  ])('refuses %s', (_what, dependency, problem) => {
    const [found, ...others] = problems([dependency]);
    expect(others).toEqual([]);
    expect(found?.startsWith(problem)).toBe(true);
    expect(found).not.toContain('hunter2');
  });

  it('refuses two of one name, also as a component that is found by its labels', () => {
    expect(problems([TCP, TCP])).toEqual([
      'servers.dependencies.1.name: a name that no other dependency of the namespace has',
    ]);
    const component = {
      name: 'orders',
      namespace: 'data',
      platform: 'seldon',
      role: 'kafka',
      labels: { app: 'orders' },
    };
    expect(problems([TCP], { kubernetes: { components: [component] } })).toEqual([
      'servers.dependencies.0.name: a name that no component in kubernetes.components has',
    ]);
  });
});
