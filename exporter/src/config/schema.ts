/**
 * The one configuration of the exporter: file (YAML), environment and flags fold into this. Every refusal names the
 * path, the value and what was expected. Unknown keys are refused: a typo must not become a silent default.
 */
import { IMPORTANCES, PLATFORM_ROLES, SERVER_KINDS } from '@modelwatch/contract';
import { z } from 'zod';
import { modulesSchema } from '../mapping/module';
import { parseAllowedTarget } from '../mapping/probe-targets';
import { mappingsSchema } from '../mapping/schema';
import {
  GRPC_KIND_EXPECTATION,
  isAskable,
  isServerUrl,
  misaddressed,
  SERVER_URL_EXPECTATION,
} from '../mapping/server-url';
import { dependenciesSchema, dependencyTimes } from './dependencies';
import { eventLogSchema } from './event-log';
import { explorationSchema } from './exploration';
import { httpClient, oneWhoWeAre } from './http-client';
import { kafkaSchema } from './kafka';
import { monitoringSchema } from './monitoring';
import { replicaKeys, replicaProblem } from './replicas';
import { responderProblems, responderSchema } from './responder';
import { schedulersSchema } from './schedulers';
import { slosSchema } from './slo';
import { syntheticSchema, unsendable } from './synthetic';
import { listenAddress, name, url, urlWithoutSecrets, withoutSecrets } from './text';

const seconds = (fallback: number) => z.number().positive().max(86_400).default(fallback);
const port = z.number().int().min(0).max(65_535);
const serverUrl = z
  .string(SERVER_URL_EXPECTATION)
  .meta({ expected: SERVER_URL_EXPECTATION })
  .refine(isServerUrl, { error: SERVER_URL_EXPECTATION, abort: true });

function isPeerTemplate(text: string): boolean {
  const example = text.replaceAll('{shard}', '0');
  return example !== text && URL.canParse(example) && /^https?:$/.test(new URL(example).protocol);
}
/** Name of a label or annotation: `team`, `example.com/team`. */
const key = z.string().min(1).max(317);
/** The same, or its beginning and `*`. */
const keyPattern = key.regex(/^[^*]*\*?$/, 'a name of a label or annotation, or its beginning and * at the end');

const importance = z.enum(IMPORTANCES);
/** Who owns which models, where these do not say it themselves, and what is slow for them. */
const modelRule = z.strictObject({
  namespace: z.string().min(1).max(253).optional(),
  name: z.string().min(1).max(253).optional(),
  owner: z.string().min(1).max(253).optional(),
  importance: importance.optional(),
  /** Requests that take longer are slow; counted at a bucket bound of the server. */
  slowSeconds: z.number().positive().max(86_400).optional(),
});

/** A part of a label of Kubernetes: it goes into a label selector as it stands. */
const userNames = z.array(z.string().min(1)).default([]);
const labelText = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/);

/** A component of a serving platform that its labels do not tell. */
const component = z.strictObject({
  name,
  namespace: name,
  platform: z.enum(['seldon', 'kserve']),
  role: z.enum(PLATFORM_ROLES),
  /** Labels of its pods, and of its Deployment or StatefulSet. */
  labels: z.record(labelText, labelText).refine((labels) => Object.keys(labels).length > 0),
});

const kubernetes = z
  .strictObject({
    enabled: z.boolean().default(true),
    /** Absent: in-cluster credentials where they exist, else the user's kubeconfig. */
    kubeconfig: z.string().min(1).optional(),
    context: z.string().min(1).optional(),
    /** API server address without credentials of its own: for the demo, tests and `kubectl proxy`. */
    server: url.optional(),
    tokenFile: z.string().min(1).optional(),
    caFile: z.string().min(1).optional(),
    /** Empty: all namespaces. */
    namespaces: z.array(name).default([]),
    /** Chooses among the custom resources that teams deploy, as kubectl's -l and --field-selector; not among pods. */
    labelSelector: z.string().min(1).optional(),
    fieldSelector: z.string().min(1).optional(),
    /** Lists, watches and discovery together; after a quiet time twice as many at once. */
    requestsPerSecond: z.number().positive().max(10_000).default(100),
    /** Silence after which a watch counts as dead and its models become stale. Bookmarks arrive about every minute. */
    staleAfterSeconds: seconds(150),
    /** Components that models wait for, besides those that are known by their labels. */
    components: z.array(component).default([]),
    pageSize: z.number().int().min(1).max(5_000).default(500),
    /** Custom resources of others, each with the mapping that makes models or servers of it. */
    customResources: mappingsSchema.default([]),
    /** Files with one mapping each; they follow the mappings above. */
    customResourceFiles: z.array(z.string().min(1)).default([]),
    /** Take references and settings of models from ConfigMaps with our labels; needs the right to read ConfigMaps. */
    configMaps: z.boolean().default(false),
    /** Labels and annotations that become labels of a metric; `*` at the end stands for anything. */
    labels: z.array(keyPattern).default([]),
    annotations: z.array(keyPattern).default([]),
    /** Annotations or labels of a model that say whose it is, and how important; the first that it has counts. */
    ownerKeys: z.array(key).default(['modelwatch.io/owner', 'owner', 'team']),
    importanceKeys: z.array(key).default(['modelwatch.io/importance']),
  })
  .prefault({});

const standaloneServer = z
  .strictObject({
    name,
    /** Where it answers, e.g. http://localhost:8080, or grpc://localhost:8081 where it listens on gRPC only. */
    url: serverUrl.refine(...withoutSecrets),
    /** What it is; default: the exporter finds out. */
    kind: z.enum(SERVER_KINDS).optional(),
    /** The module that says how it is asked; in place of a kind. */
    module: z.string().min(1).optional(),
    /** Where its Prometheus metrics are; default: the port that the kind of server uses, path /metrics. */
    metricsUrl: urlWithoutSecrets.optional(),
    ...httpClient,
    models: z
      .array(
        z.strictObject({
          name,
          owner: z.string().max(253).optional(),
          importance: importance.optional(),
          version: z.string().max(253).optional(),
        })
      )
      .default([]),
  })
  .refine(oneWhoWeAre.test, oneWhoWeAre.refusal)
  .refine(({ url, kind }) => isAskable(url, kind), { path: ['kind'], error: GRPC_KIND_EXPECTATION });

const discoveryFile = z
  .string()
  .min(1)
  .refine((path) => /\.(json|ya?ml)$/.test(path) && !/\*.*\//.test(path), {
    error: 'a file that ends in .json, .yml or .yaml, with * in its last part only',
  });
const httpSd = z
  .strictObject({ url: urlWithoutSecrets, refreshIntervalSeconds: seconds(60), ...httpClient })
  .refine(oneWhoWeAre.test, oneWhoWeAre.refusal);

const servers = z
  .strictObject({
    probeIntervalSeconds: seconds(15),
    probeTimeoutSeconds: seconds(5),
    /** Answers longer than this are refused. */
    maxBodyBytes: z.number().int().min(1_024).max(268_435_456).default(16_777_216),
    concurrency: z.number().int().min(1).max(1_024).default(64),
    /** Model servers outside Kubernetes. */
    standalone: z.array(standaloneServer).default([]),
    /** Recorded requests that models must answer as they did. */
    synthetic: z.array(syntheticSchema).max(500).default([]),
    /** Databases, queues and the like that models need. */
    dependencies: dependenciesSchema.default([]),
    /**
     * How pods are reached: by their IP (the exporter runs in the pod network), or through the API server's pod proxy
     * (it runs outside, e.g. on a laptop with a kubeconfig; needs the right to get and create pods/proxy). `none`: pods
     * are not asked, and what Kubernetes says is all there is; for fleets of tens of thousands of pods.
     */
    access: z.enum(['direct', 'api-proxy', 'none']).default('direct'),
    /**
     * How figures of requests come to Prometheus: `poll`, the exporter reads and translates the metrics of the servers;
     * `direct`, Prometheus scrapes the servers and rules translate, for fleets too large for one more reader. Health is
     * asked in either case.
     */
    inference: z.enum(['poll', 'direct']).default('poll'),
    /** How servers of kinds that are not known are asked and translated. */
    modules: modulesSchema.default([]),
    /** Files with one module each; they follow the modules above. */
    moduleFiles: z.array(z.string().min(1)).default([]),
    /** Files that name further servers, as file_sd of Prometheus; `*` in the last part of a path stands for anything. */
    files: z.array(discoveryFile).default([]),
    /** Where documents that name further servers are asked for, as http_sd of Prometheus. */
    httpSd: z.array(httpSd).default([]),
  })
  .superRefine(({ standalone, modules, dependencies, synthetic, ...times }, context) => {
    synthetic.forEach((one, index) => {
      const message = unsendable(one, standalone);
      if (message) context.addIssue({ code: 'custom', path: ['synthetic', index, 'model'], message });
    });
    dependencies.forEach((one, index) => {
      const { intervalSeconds, timeoutSeconds } = dependencyTimes(one, times);
      if (timeoutSeconds <= intervalSeconds) return;
      const message = `at most the interval of ${intervalSeconds}: one probe at a time`;
      context.addIssue({ code: 'custom', path: ['dependencies', index, 'timeoutSeconds'], message });
    });
    standalone.forEach(({ module, kind, url }, index) => {
      const itsModule = modules.find(({ name }) => name === module);
      const message = itsModule && misaddressed(url, itsModule);
      if (message) context.addIssue({ code: 'custom', path: ['standalone', index, 'url'], message });
      if (module === undefined ? kind !== 'generic' : itsModule) return;
      const known = modules.map((each) => each.name).join(', ');
      context.addIssue({
        code: 'custom',
        path: ['standalone', index, 'module'],
        message: `the name of a module in servers.modules or servers.moduleFiles${known && `, one of ${known}`}`,
      });
    });
  })
  .prefault({});

const probeTarget = z.string().refine((text) => parseAllowedTarget(text) !== undefined, {
  error:
    'a name, address or network with ports, as in gpu-1:8000, *.models.svc:8000-8999, 10.0.0.0/8:*, [fd00::/8]:8000',
});

const sections = z.strictObject({
  web: z
    .strictObject({
      listenAddress: listenAddress.default('0.0.0.0'),
      port: port.default(8780),
      /** TLS, users and the like, in the format of Prometheus' web configuration file. */
      configFile: z.string().min(1).optional().meta({ flag: 'web.config.file' }),
      /** Kubelets cannot log in: /livez and /readyz answer them, without detail. */
      openHealth: z.boolean().default(true),
      /** POST /-/reload, as Prometheus has it. */
      enableLifecycle: z.boolean().default(false),
      maxConnections: z.number().int().min(1).max(65_535).default(512),
      maxConcurrentScrapes: z.number().int().min(1).max(1_024).default(16),
      /** What GET /probe may ask: names, addresses and networks with their ports. Empty: nothing. */
      probeTargets: z.array(probeTarget).default([]),
      maxConcurrentProbes: z.number().int().min(1).max(1_024).default(16),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
      format: z.enum(['json', 'pretty']).default('json'),
    })
    .prefault({}),
  /** Which shard this exporter is, from 0. Absent with several: the ordinal at the end of the host name. */
  shard: z.number().int().min(0).max(999).optional(),
  totalShards: z.number().int().min(1).max(1_000).default(1),
  /** Where the other shards answer, with {shard} for their number; without it the read API tells of its own shard only. */
  shardPeers: z.string().min(1).optional(),
  kubernetes,
  servers,
  seldon: z
    .strictObject({
      /** For what the custom resources do not say: which replica holds which model, and memory. */
      schedulers: schedulersSchema.default([]),
    })
    .prefault({}),
  /** Owner, importance and what is slow, by namespace and name (`*` stands for anything); the first that fits wins. */
  models: z.array(modelRule).default([]),
  monitoring: monitoringSchema,
  /** What is promised of models and pipelines. */
  slos: slosSchema,
  /** Files with objectives: lists as above, or documents of OpenSLO; read again when they change. */
  sloFiles: z.array(z.string().min(1)).max(100).default([]),
  /** Predictions that are posted to /ingest, and what they are counted in. */
  events: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Who of web.configFile may post; empty: whoever reaches the exporter and can log in. */
      users: z.array(z.string().min(1)).default([]),
      /** In place of `users`, for one route; empty: as `users` says. `delete` forgets what is known of an id. */
      routeUsers: z
        .strictObject({
          predictions: userNames,
          actuals: userNames,
          metrics: userNames,
          feedback: userNames,
          batches: userNames,
          detections: userNames,
          delete: userNames,
        })
        .prefault({}),
      /** Of one request, and of its content after it was unpacked. */
      maxBodyBytes: z.number().int().min(1_024).max(268_435_456).default(8_388_608),
      /** Of all requests that are being taken in; more are told to come back. */
      maxBufferedBytes: z.number().int().min(1_024).max(4_294_967_296).default(67_108_864),
      maxSeriesPerModel: z.number().int().min(0).max(1_000_000).default(2_000),
      maxSeries: z.number().int().min(0).max(10_000_000).default(250_000),
      /** Models without a reference that are not in the fleet. */
      maxUndeclaredModels: z.number().int().min(0).max(100_000).default(100),
      /** Events that are remembered by their id, to notice a repetition. */
      rememberedIds: z.number().int().min(0).max(10_000_000).default(200_000),
      joins: z
        .strictObject({
          /** Where predictions wait for their actual; without one there is no accuracy. */
          directory: z.string().min(1).optional(),
          /** How long they wait, and how long an actual may be corrected. */
          windowSeconds: z.number().int().min(1).max(31_536_000).default(604_800),
          /** How long an actual waits for its prediction. */
          waitSeconds: z.number().int().min(0).max(604_800).default(3_600),
          maxRecords: z.number().int().min(1).max(1_000_000_000).default(2_000_000),
          /** Of what is kept; the disk holds up to twice as much. */
          maxBytes: z.number().int().min(1_024).max(1_099_511_627_776).default(1_073_741_824),
        })
        .prefault({}),
      /** Rows that may be looked at, of models whose settings say so. */
      exploration: explorationSchema.prefault({}),
      ...replicaKeys,
      /** Clusters of Kafka that predictions are read from. */
      kafka: kafkaSchema.default([]),
    })
    .prefault({}),
  /** The role of its own that acts upon alerts. */
  responder: responderSchema,
  /** What happened, one line each, for those who have to keep it. */
  eventLog: eventLogSchema,
  /** Read health from here for the landing page and the API; without it they say "serving only". */
  prometheus: z.strictObject({ url: url.optional() }).prefault({}),
  /** Link on the landing page. */
  grafana: z.strictObject({ url: url.optional() }).prefault({}),
  demo: z
    .strictObject({
      /** Set by `npm start`: the landing page then offers the scenario switches of the demo at this address. */
      url: url.optional(),
    })
    .prefault({}),
});

function hasSomethingToWatch({
  kubernetes,
  servers,
  monitoring,
  events,
  web: { probeTargets },
}: z.infer<typeof sections>) {
  const { standalone, files, httpSd, dependencies } = servers;
  const lists = [
    standalone,
    files,
    httpSd,
    dependencies,
    probeTargets,
    monitoring.references,
    monitoring.models,
    events.kafka,
  ];
  return kubernetes.enabled || lists.some((list) => list.length > 0);
}

/** What each key allows by itself, and what some of them mean together; the message says what was expected. */
export const configSchema = sections
  .refine(hasSomethingToWatch, {
    path: ['kubernetes', 'enabled'],
    error:
      'true, or something in servers.standalone, servers.files, servers.httpSd, servers.dependencies, web.probeTargets, monitoring or events.kafka: there is nothing to watch',
  })
  .superRefine(({ kubernetes: { components }, servers: { dependencies } }, context) => {
    dependencies.forEach(({ namespace, name }, index) => {
      if (!components.some((component) => component.namespace === namespace && component.name === name)) return;
      const path = ['servers', 'dependencies', index, 'name'];
      context.addIssue({ code: 'custom', path, message: 'a name that no component in kubernetes.components has' });
    });
  })
  .superRefine(({ kubernetes: { enabled, staleAfterSeconds }, seldon: { schedulers } }, context) => {
    schedulers.forEach(({ checkIntervalSeconds }, index) => {
      const refuse = (key: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['seldon', 'schedulers', index, key], message });
      if (!enabled) refuse('namespace', 'kubernetes.enabled: a scheduler adds to what Kubernetes says');
      if (checkIntervalSeconds >= staleAfterSeconds) {
        refuse('checkIntervalSeconds', `less than kubernetes.staleAfterSeconds, which is ${staleAfterSeconds}`);
      }
    });
  })
  .refine(({ kubernetes: { enabled }, servers: { access } }) => enabled || access !== 'api-proxy', {
    path: ['servers', 'access'],
    error: 'direct or none while kubernetes.enabled is false: pods are reached through its API server',
  })
  .refine(({ shard, totalShards }) => shard === undefined || shard < totalShards, {
    path: ['shard'],
    error: 'a number below totalShards, since shards count from 0',
  })
  .refine(({ totalShards, events }) => totalShards === 1 || events.joins.directory === undefined, {
    path: ['events', 'joins', 'directory'],
    error: 'none while totalShards is above 1, since predictions meet their actuals in one exporter',
  })
  .superRefine(({ events, totalShards }, context) => {
    const problem = replicaProblem(events);
    if (problem) context.addIssue({ code: 'custom', ...problem, path: ['events', ...problem.path] });
    if (totalShards > 1 && events.replicas > 1) {
      const message = '1 while totalShards is above 1: shards divide the fleet, replicas the events of all of it';
      context.addIssue({ code: 'custom', path: ['events', 'replicas'], message });
    }
  })
  .superRefine(({ responder, kubernetes, prometheus }, context) => {
    const others = { kubernetes: kubernetes.enabled, prometheus: prometheus.url !== undefined };
    for (const { path, message } of responderProblems(responder, others)) {
      context.addIssue({ code: 'custom', path: ['responder', ...path], message });
    }
  })
  .refine(({ shardPeers }) => shardPeers === undefined || isPeerTemplate(shardPeers), {
    path: ['shardPeers'],
    error: 'an http:// or https:// URL with {shard} where the number of a shard belongs',
  });

export type Config = z.infer<typeof configSchema>;
