import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_KEYS } from './keys';
import { ConfigError, hashOf, loadConfig, type ConfigInput } from './load';

const folder = mkdtempSync(join(tmpdir(), 'modelwatch-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(parts: { file?: string; env?: ConfigInput['env']; flags?: ConfigInput['flags'] }) {
  const input: ConfigInput = { env: parts.env ?? {}, flags: parts.flags ?? {} };
  if (parts.file === undefined) return loadConfig(input);
  const path = join(folder, 'modelwatch.yaml');
  writeFileSync(path, parts.file);
  return loadConfig({ ...input, file: path });
}

function problemsOf(parts: Parameters<typeof load>[0]): string[] {
  try {
    load(parts);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.replaceAll(`${folder}/`, ''));
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('works without any input', () => {
    const { config, hash } = load({});
    expect(config.web).toMatchObject({ listenAddress: '0.0.0.0', port: 8780, enableLifecycle: false });
    expect(config.kubernetes.enabled).toBe(true);
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
  });

  it('lets flags win over the environment and the environment over the file', () => {
    const file = 'web:\n  port: 1\nlog:\n  level: debug\nservers:\n  concurrency: 3\n';
    const env = { MODELWATCH_WEB_PORT: '2', MODELWATCH_LOG_LEVEL: 'warn' };
    const { config } = load({ file, env, flags: { 'web.port': ['3'] } });
    expect([config.web.port, config.log.level, config.servers.concurrency]).toEqual([3, 'warn', 3]);
  });

  it('reads the file that the environment names', () => {
    const path = join(folder, 'named.yaml');
    writeFileSync(path, 'web: { port: 77 }\n');
    expect(loadConfig({ env: { MODELWATCH_CONFIG_FILE: path }, flags: {} }).config.web.port).toBe(77);
  });

  it('takes lists by comma and by repeated flag, and switches in words', () => {
    const flags = { 'kubernetes.namespaces': ['a, b', 'c'], 'kubernetes.enabled': ['false'] };
    const file = 'servers: { standalone: [{ name: s, url: http://localhost:8080 }] }';
    const { kubernetes } = load({ file, flags }).config;
    expect(kubernetes).toMatchObject({ namespaces: ['a', 'b', 'c'], enabled: false });
  });

  it('takes an empty section for its defaults', () => {
    expect(load({ file: 'web:\nlog:\n' }).config).toEqual(load({}).config);
  });

  it('is not confused by the variables that Kubernetes makes of a Service called modelwatch', () => {
    const env = {
      MODELWATCH_SERVICE_HOST: '10.0.0.1',
      MODELWATCH_SERVICE_PORT_HTTP: '8780',
      MODELWATCH_PORT: 'tcp://10.0.0.1:8780',
      MODELWATCH_PORT_8780_TCP_ADDR: '10.0.0.1',
      MODELWATCH_WEB_PORT: 'tcp://10.0.0.2:80',
    };
    expect(load({ env })).toEqual(load({}));
  });

  it('leaves the variables of the start script alone and tells of them', () => {
    const ours = ['MODELWATCH_GRAFANA_PORT', 'MODELWATCH_PROMETHEUS_PORT', 'MODELWATCH_DEMO_API_PORT'];
    const env = Object.fromEntries(ours.map((name) => [name, '1']));
    expect(load({ env })).toEqual({ ...load({}), ignoredVariables: ours });
  });

  it('gives the same hash for the same configuration in another order, another for another', () => {
    const one = load({ file: 'web: { port: 5 }\nlog: { level: warn }\n' });
    const two = load({ file: 'log: { level: warn }\nweb: { port: 5 }\n' });
    expect(one.hash).toBe(two.hash);
    expect(one.hash).toBe(hashOf(two.config));
    expect(load({ file: 'web: { port: 6 }\n' }).hash).not.toBe(load({ file: 'web: { port: 5 }\n' }).hash);
  });

  const refusals: [string, Parameters<typeof load>[0], string[]][] = [
    [
      'a number that is a word',
      { file: 'web:\n  port: eighty\n' },
      ['web.port: expected a whole number from 0 to 65535, got "eighty" (modelwatch.yaml line 2)'],
    ],
    ...['localhost:9090', ':8780', '[::1]', 'my host', '999.1.1.1', ''].map((text): (typeof refusals)[number] => [
      `an address to listen on like ${JSON.stringify(text)}`,
      { flags: { 'web.listen-address': [text] } },
      [
        `web.listenAddress: expected an IP address or the name of a host, without a port, got ${JSON.stringify(text)} (from --web.listen-address)`,
      ],
    ]),
    [
      'a number out of range, from a flag',
      { flags: { 'web.port': ['70000'] } },
      ['web.port: expected a whole number from 0 to 65535, got 70000 (from --web.port)'],
    ],
    [
      'a duration of zero, from the environment',
      { env: { MODELWATCH_SERVERS_PROBE_INTERVAL_SECONDS: '0' } },
      [
        'servers.probeIntervalSeconds: expected a number above 0, up to 86400, got 0 (from MODELWATCH_SERVERS_PROBE_INTERVAL_SECONDS)',
      ],
    ],
    [
      'a word that is not in the list',
      { flags: { 'log.level': ['loud'] } },
      ['log.level: expected one of fatal, error, warn, info, debug, trace, got "loud" (from --log.level)'],
    ],
    [
      'a switch that is neither',
      { flags: { 'kubernetes.enabled': ['yes'] } },
      ['kubernetes.enabled: expected true or false, got "yes" (from --kubernetes.enabled)'],
    ],
    [
      'an address of another kind, without its password',
      { flags: { 'prometheus.url': ['ftp://me:hunter2@prometheus'] } },
      ['prometheus.url: expected an http:// or https:// URL, got "ftp://***@prometheus" (from --prometheus.url)'],
    ],
    [
      'a typo in a key, with the name that was meant and without the value',
      { file: 'web:\n  prot: hunter2\n' },
      ['web.prot: expected a known key, did you mean port? (modelwatch.yaml line 2)'],
    ],
    [
      'an unknown section, with those that exist',
      { file: 'zebra: 1\n' },
      [
        'zebra: expected a known key, one of web, log, shard, totalShards, shardPeers, kubernetes, servers, seldon, models, monitoring, slos, sloFiles, events, responder, eventLog, prometheus, grafana, demo (modelwatch.yaml line 1)',
      ],
    ],
    [
      'a configuration with nothing to watch',
      { flags: { 'kubernetes.enabled': ['false'], 'servers.access': ['api-proxy'] } },
      [
        'kubernetes.enabled: expected true, or something in servers.standalone, servers.files, servers.httpSd, servers.dependencies, web.probeTargets, monitoring or events.kafka: there is nothing to watch, got false (from --kubernetes.enabled)',
        'servers.access: expected direct or none while kubernetes.enabled is false: pods are reached through its API server, got "api-proxy" (from --servers.access)',
      ],
    ],
    [
      'a server with a module that there is not, and a kind that needs one',
      {
        file: `servers:
  modules: [{ name: home, health: { path: /up } }]
  standalone:
    - { name: a, url: http://a, module: hime }
    - { name: b, url: http://b, kind: generic }
`,
      },
      [
        'servers.standalone[0].module: expected the name of a module in servers.modules or servers.moduleFiles, one of home, got "hime" (modelwatch.yaml line 4)',
        'servers.standalone[1].module: expected the name of a module in servers.modules or servers.moduleFiles, one of home, got nothing (modelwatch.yaml line 5)',
      ],
    ],
    [
      'a module that cannot be',
      {
        file: `servers:
  modules:
    - name: home
      match: {}
      health:
        path: //elsewhere/up
        expect: [{ matches: '(a' }, { equals: [] }, { equals: a, in: [b] }]
      models: { path: /m, name: '\${a.*}', state: 'a..b', states: { X: up } }
      metrics:
        families:
          - { family: a_total, type: counter, to: [{ requests: ok }, { requests: success, tokens: prompt }] }
          - { family: b, type: histogram, unit: ms, to: [{ histogram: duration, part: sum }] }
    - name: home
      health: { path: /up, status: [20] }
`,
      },
      [
        'servers.modules[0].match: expected at least one of image, container and labels: else every pod fits, got {} (modelwatch.yaml line 4)',
        'servers.modules[0].health.path: expected a path that begins with one "/", as in /health, got "//elsewhere/up" (modelwatch.yaml line 6)',
        'servers.modules[0].health.expect[0].matches: expected a ")" for each "(", got "(a" (modelwatch.yaml line 7)',
        'servers.modules[0].health.expect[1].equals: expected a text, a number, true or false, got [] (modelwatch.yaml line 7)',
        'servers.modules[0].health.expect[2]: expected exactly one of equals, in and matches, got {"equals":"a","in":["b"]} (modelwatch.yaml line 7)',
        'servers.modules[0].models.name: expected a text whose paths give one value each, without "*", got "${a.*}" (modelwatch.yaml line 8)',
        'servers.modules[0].models.state: expected a path as in status.conditions[type=Ready].status, from ".b" on it is none, got "a..b" (modelwatch.yaml line 8)',
        'servers.modules[0].models.states.X: expected one of ready, loading, unloading, unavailable, unknown, got "up" (modelwatch.yaml line 8)',
        'servers.modules[0].metrics.families[0].to[0].requests: expected one of success, client_error, server_error, unknown, got "ok" (modelwatch.yaml line 11)',
        'servers.modules[0].metrics.families[0].to[1]: expected exactly one of requests, requestsBy, tokens, finishedBy, histogram, number, adapters, got {"requests":"success","tokens":"***"} (modelwatch.yaml line 11)',
        'servers.modules[0].metrics.families[1].unit: expected one of seconds, milliseconds, microseconds, nanoseconds, ratio, percent, got "ms" (modelwatch.yaml line 12)',
        'servers.modules[1].health.status[0]: expected a whole number from 100 to 599, got 20 (modelwatch.yaml line 14)',
      ],
    ],
    [
      'an unknown environment variable',
      { env: { MODELWATCH_WEB_PROT: '1' } },
      ['MODELWATCH_WEB_PROT: expected a known environment variable, did you mean MODELWATCH_WEB_PORT?'],
    ],
    [
      'a list of objects in the environment',
      { env: { MODELWATCH_SERVERS_STANDALONE: '[]' } },
      [
        'MODELWATCH_SERVERS_STANDALONE: expected servers.standalone in the file, a list of objects has no environment variable',
      ],
    ],
    [
      'a server without a URL, and a name with a slash, both at once',
      { file: 'servers:\n  standalone:\n    - name: a/b\n      models:\n        - name: m\n' },
      [
        'servers.standalone[0].name: expected a name of 1 to 253 characters without "/" and control characters, got "a/b" (modelwatch.yaml line 3)',
        'servers.standalone[0].url: expected an http:// or https:// URL, or grpc://host:port or grpcs://host:port, got nothing (modelwatch.yaml line 3)',
      ],
    ],
    [
      'gRPC without a port, with a path, and for a kind that has none',
      {
        file: [
          'servers:',
          '  standalone:',
          '    - { name: a, url: grpc://box }',
          '    - { name: b, url: grpc://box:8081/v2 }',
          '    - { name: c, url: grpcs://box:8081, kind: vllm }',
          '',
        ].join('\n'),
      },
      [
        'servers.standalone[0].url: expected an http:// or https:// URL, or grpc://host:port or grpcs://host:port, got "grpc://box" (modelwatch.yaml line 3)',
        'servers.standalone[1].url: expected an http:// or https:// URL, or grpc://host:port or grpcs://host:port, got "grpc://box:8081/v2" (modelwatch.yaml line 4)',
        'servers.standalone[2].kind: expected for gRPC one of mlserver, triton, kserve, oip, or none, as only the Open Inference Protocol is spoken there, got "vllm" (modelwatch.yaml line 5)',
      ],
    ],
    [
      'modules that ask over another protocol than the address has, and requests to models that only gRPC reaches',
      {
        file: [
          'servers:',
          '  modules:',
          '    - { name: web, health: { path: /up } }',
          '    - { name: rpc, grpcHealth: {} }',
          '  standalone:',
          '    - { name: a, url: grpc://box:1, module: web }',
          '    - { name: b, url: http://box:1, module: rpc }',
          '    - { name: c, url: grpc://box:2, models: [{ name: m }] }',
          '  synthetic:',
          '    - { namespace: standalone, model: m, request: { body: {} } }',
          '    - { namespace: standalone, model: m, name: elsewhere, request: { body: {}, url: http://ingress/m } }',
          '',
        ].join('\n'),
      },
      [
        'servers.synthetic[0].model: expected a model on a server with an http:// or https:// URL, or request.url: requests are not sent over gRPC, which is all that c has, got "m" (modelwatch.yaml line 10)',
        'servers.standalone[0].url: expected an http:// or https:// URL, as the module web asks over HTTP, got "grpc://box:1" (modelwatch.yaml line 6)',
        'servers.standalone[1].url: expected grpc://host:port or grpcs://host:port, as the module rpc asks over gRPC, got "http://box:1" (modelwatch.yaml line 7)',
      ],
    ],
    [
      'a module that asks two ways, one that asks none, and one that asks for more than gRPC has',
      {
        file: [
          'servers:',
          '  modules:',
          '    - { name: both, health: { path: /up }, grpcHealth: {} }',
          '    - { name: none }',
          '    - { name: more, grpcHealth: {}, match: { image: scorer } }',
          '',
        ].join('\n'),
      },
      [
        'servers.modules[0].health: expected either health, or grpcHealth for a server on gRPC, got {"path":"/up"} (modelwatch.yaml line 3)',
        'servers.modules[1].health: expected either health, or grpcHealth for a server on gRPC, got nothing (modelwatch.yaml line 4)',
        'servers.modules[2].match: expected nothing beside grpcHealth: it is for HTTP, got {"image":"scorer"} (modelwatch.yaml line 5)',
      ],
    ],
    [
      'a server with a password in its address, half a certificate and a header of HTTP itself',
      {
        file: [
          'servers:',
          '  standalone:',
          '    - name: s',
          '      url: http://ann:hunter2@box:8080',
          '      tlsConfig: { certFile: /c }',
          '      httpHeaders: { Host: { files: [/h] } }',
          '',
        ].join('\n'),
      },
      [
        'servers.standalone[0].url: expected an address without user and password, which are basicAuth, got "http://***@box:8080" (modelwatch.yaml line 4)',
        'servers.standalone[0].tlsConfig.keyFile: expected certFile and keyFile together, got nothing (modelwatch.yaml line 5)',
        expect.stringMatching(/^servers\.standalone\[0\]\.httpHeaders\.Host: expected .* \(modelwatch\.yaml line 6\)$/),
      ],
    ],
    [
      'a server with two ways to log in',
      {
        file: 'servers: { standalone: [{ name: s, url: http://box:8080, basicAuth: { username: ann, passwordFile: /p }, authorization: { credentialsFile: /t } }] }',
      },
      [
        'servers.standalone[0].authorization: expected basicAuth or authorization, not both, got {"credentialsFile":"***"} (modelwatch.yaml line 1)',
      ],
    ],
    [
      'schedulers with an address that is none, or that holds a password',
      {
        file: [
          'seldon:',
          '  schedulers:',
          '    - { namespace: a, url: http://seldon-scheduler:9004 }',
          '    - { namespace: b, url: grpc://seldon-scheduler:9004, tlsConfig: {} }',
          '    - { namespace: b, url: grpc://ann:hunter2@seldon-scheduler:9004 }',
          '',
        ].join('\n'),
      },
      [
        'seldon.schedulers[0].url: expected grpc://host:port, or grpcs://host:port for TLS, got "http://seldon-scheduler:9004" (modelwatch.yaml line 3)',
        'seldon.schedulers[2].url: expected an address without user and password, which are basicAuth, got "grpc://***@seldon-scheduler:9004" (modelwatch.yaml line 5)',
      ],
    ],
    [
      'a second scheduler of a namespace, and TLS settings without TLS',
      {
        file: 'seldon: { schedulers: [{ namespace: b, url: grpc://s:9004, tlsConfig: {} }, { namespace: b, url: grpc://t:9004 }] }',
      },
      [
        'seldon.schedulers[0].tlsConfig: expected none with grpc://, which is without TLS, got {} (modelwatch.yaml line 1)',
        'seldon.schedulers[1].namespace: expected a namespace that no other scheduler has: there is one for each SeldonRuntime, got "b" (modelwatch.yaml line 1)',
      ],
    ],
    [
      'a scheduler that is checked too late',
      {
        file: 'kubernetes: { staleAfterSeconds: 60 }\nseldon: { schedulers: [{ namespace: b, url: grpc://s:9004 }] }',
      },
      [
        'seldon.schedulers[0].checkIntervalSeconds: expected less than kubernetes.staleAfterSeconds, which is 60, got nothing (modelwatch.yaml line 2)',
      ],
    ],
    [
      'a value where a section belongs, secrets masked',
      { file: 'web: { token: hunter2, port: 1 }\nkubernetes: [ {password: hunter2} ]\n' },
      [
        expect.stringMatching(
          /^web\.token: expected a known key, one of listenAddress, port, .* \(modelwatch\.yaml line 1\)$/
        ),
        'kubernetes: expected a section with keys, got [{"password":"***"}] (modelwatch.yaml line 2)',
      ],
    ],
    [
      'a key without a value',
      { file: 'web:\n  port:\n' },
      ['web.port: expected a whole number from 0 to 65535, got null (modelwatch.yaml line 2)'],
    ],
    ['a file that is not YAML', { file: 'web: {\n' }, ['modelwatch.yaml line 2: expected valid YAML, got bad indent']],
    ['a file that is a list', { file: '- 1\n' }, ['modelwatch.yaml: expected keys and values, got [1]']],
    [
      'one key twice',
      { file: 'log: {}\nlog: {}\n' },
      ['modelwatch.yaml line 2: expected valid YAML, got duplicate key'],
    ],
  ];
  it.each(refusals)('refuses %s', (_, parts, expected) => {
    expect(problemsOf(parts)).toEqual(expected);
  });

  it('refuses a file that is not there', () => {
    expect(() => loadConfig({ file: join(folder, 'none.yaml'), env: {}, flags: {} })).toThrow(
      'none.yaml: expected a readable YAML file, got: no such file'
    );
  });

  it('has a flag and a variable of its own for each key', () => {
    expect(CONFIG_KEYS.find((key) => key.path === 'kubernetes.staleAfterSeconds')).toMatchObject({
      env: 'MODELWATCH_KUBERNETES_STALE_AFTER_SECONDS',
      flag: 'kubernetes.stale-after-seconds',
    });
    expect(new Set(CONFIG_KEYS.map((key) => key.env)).size).toBe(CONFIG_KEYS.length);
  });
});
