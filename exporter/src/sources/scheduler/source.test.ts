/** The source against schedulers that really speak gRPC: what it tells, when it is synced, and what it does when they go. */
import type { ServerHttp2Stream } from 'node:http2';
import type { Observation } from '../../domain/observation';
import { NO_TELEMETRY } from '../../domain/telemetry';
import { createClock } from '../clock';
import {
  closeGrpcServers,
  framed,
  listenGrpc,
  reply,
  type GrpcAnswer,
  type GrpcServer,
} from '../servers/testing/grpc-server';
import { createSchedulers, type SchedulerOptions } from '.';
import { MESSAGES } from './testing/messages';

type Status = Extract<Observation, { kind: 'source-status' }>;
const STREAMS = [
  'SubscribeServerStatus',
  'SubscribeModelStatus',
  'SubscribePipelineStatus',
  'SubscribeExperimentStatus',
];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await closeGrpcServers();
});

/** A scheduler that has these, and whose streams can be written to. */
class FakeScheduler {
  readonly open = new Map<string, ServerHttp2Stream>();
  server!: GrpcServer;
  has: Record<string, readonly Buffer[]> = {
    ServerStatus: [MESSAGES.server],
    ModelStatus: [MESSAGES.model],
    PipelineStatus: [MESSAGES.pipeline],
    ExperimentStatus: [MESSAGES.experiment],
  };

  async listen(over: Record<string, GrpcAnswer> = {}, port?: number): Promise<string> {
    const list =
      (name: string): GrpcAnswer =>
      (stream) =>
        reply(stream, Buffer.concat((this.has[name] ?? []).map((each) => framed(each))));
    const subscribe =
      (name: string): GrpcAnswer =>
      (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
        this.open.set(name, stream);
        for (const message of this.has[name.replace('Subscribe', '')] ?? []) stream.write(framed(message));
      };
    this.server = await listenGrpc(
      {
        ...Object.fromEntries(Object.keys(this.has).map((name) => [name, list(name)])),
        ...Object.fromEntries(STREAMS.map((name) => [name, subscribe(name)])),
        ...over,
      },
      undefined,
      port
    );
    return this.server.url;
  }

  say(stream: string, message: Buffer): void {
    this.open.get(stream)?.write(framed(message));
  }
}

/** All that the source tells, and a way to wait for it. */
function watch(url: string, more: Partial<SchedulerOptions> = {}) {
  const seen: Observation[] = [];
  const drops: string[] = [];
  const errors: string[] = [];
  let wake = () => {};
  const source = createSchedulers([{ namespace: 'seldon-mesh', url, checkIntervalSeconds: 60, ...more }], {
    tell: (observation) => {
      seen.push(observation);
      wake();
    },
    telemetry: {
      ...NO_TELEMETRY,
      dropped: (of, reason) => drops.push(`${of} ${reason}`),
      error: (of, reason) => errors.push(`${of} ${reason}`),
    },
    // No pauses between attempts to connect; the checks keep theirs.
    clock: { ...createClock(), random: () => 0 },
  });
  closers.push(() => source.stop());
  const status = () => seen.findLast((each): each is Status => each.kind === 'source-status');
  const until = async <T>(find: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const state = (wanted: Status['state']) => until(() => (status()?.state === wanted ? status() : undefined));
  const told = () => seen.flatMap((each) => (each.kind === 'scheduler-told' ? [each.word] : []));
  const forgot = () => seen.flatMap((each) => (each.kind === 'scheduler-forgot' ? [`${each.of} ${each.name}`] : []));
  return { status, state, until, told, forgot, drops, errors, stop: () => source.stop() };
}

it('tells all that the scheduler has, and is synced when the lists have ended', async () => {
  const scheduler = new FakeScheduler();
  const source = watch(await scheduler.listen());
  expect(source.status()).toMatchObject({
    ...{ source: 'scheduler/seldon-mesh', title: 'Seldon scheduler of seldon-mesh', state: 'syncing', required: false },
    objects: 0,
  });
  const synced = await source.state('synced');
  expect(synced).toMatchObject({ objects: 4, lastContactSeconds: expect.closeTo(Date.now() / 1_000, -1) as number });
  expect(new Set(source.told().map(({ of, name }) => `${of} ${name}`))).toEqual(
    new Set(['server mlserver', 'model iris', 'pipeline chain', 'experiment ab'])
  );
  expect([...scheduler.server.calls].sort()).toEqual(
    [...STREAMS, 'ServerStatus', 'ModelStatus', 'PipelineStatus', 'ExperimentStatus'].sort()
  );
  expect(scheduler.server.connections()).toBe(1);
});

it('tells what streams bring later, and drops with a reason what they bring in vain', async () => {
  const scheduler = new FakeScheduler();
  const source = watch(await scheduler.listen());
  await source.state('synced');
  scheduler.say('SubscribeModelStatus', MESSAGES.modelElsewhere);
  scheduler.say('SubscribeModelStatus', Buffer.from('ffff', 'hex'));
  scheduler.say('SubscribeModelStatus', MESSAGES.modelOnDeployment);
  await source.until(() => source.told().find(({ name }) => name === 'resnet'));
  expect(source.drops).toEqual(['scheduler/seldon-mesh unknown_value', 'scheduler/seldon-mesh truncated']);
  scheduler.say('SubscribeModelStatus', MESSAGES.modelTerminated);
  await source.until(() => source.forgot().find((each) => each === 'model iris'));
  expect(source.status()).toMatchObject({ state: 'synced', objects: 4 });
});

it('comes back when the scheduler does, and forgets what that has no more', async () => {
  const scheduler = new FakeScheduler();
  const url = await scheduler.listen();
  const source = watch(url);
  await source.state('synced');
  await scheduler.server.close();
  const failing = await source.state('failing');
  expect(failing.message).toMatch(/Subscribe\w+ grpc:\S+: (the server hung up|connection closed)/);
  // What it said is still there: it turns stale by its time.
  expect([failing.objects, source.forgot()]).toEqual([4, []]);
  scheduler.has = { ...scheduler.has, ModelStatus: [MESSAGES.modelOnDeployment] };
  await scheduler.listen({}, Number(new URL(url.replace('grpc', 'http')).port));
  expect(await source.state('synced')).toMatchObject({ objects: 4 });
  expect(source.forgot()).toEqual(['model iris']);
  expect(source.status()).not.toHaveProperty('message');
  expect(source.errors.length).toBeGreaterThan(0);
});

it.each<[string, Record<string, GrpcAnswer>, string, string]>([
  ['a call that it does not know', { SubscribePipelineStatus: 12 }, 'invalid_response', 'got UNIMPLEMENTED'],
  ['a list that it refuses', { ModelStatus: 9 }, 'http_status', 'ModelStatus'],
  [
    'a stream that it ends',
    { SubscribeExperimentStatus: (stream) => reply(stream, Buffer.alloc(0)) },
    'closed',
    'the scheduler ended the stream',
  ],
])('is not synced with %s', async (_what, over, cause, words) => {
  const source = watch(await new FakeScheduler().listen(over));
  const { message, objects } = await source.state('failing');
  expect(message).toContain(words);
  expect(source.errors[0]).toBe(`scheduler/seldon-mesh ${cause}`);
  expect(objects).toBeLessThanOrEqual(4);
});

it('asks for signs of life, and for the servers, of which streams tell too little', async () => {
  const scheduler = new FakeScheduler();
  const source = watch(await scheduler.listen(), { checkIntervalSeconds: 0.05 });
  await source.state('synced');
  scheduler.has = { ...scheduler.has, ServerStatus: [MESSAGES.server, MESSAGES.serverUnasked] };
  await source.until(() => source.told().find(({ name }) => name === 'triton'));
  scheduler.has = { ...scheduler.has, ServerStatus: [MESSAGES.serverUnasked] };
  await source.until(() => source.forgot().find((each) => each === 'server mlserver'));
});

it('says which file of a certificate is missing, and connects to nobody', async () => {
  const scheduler = new FakeScheduler();
  const url = await scheduler.listen();
  const source = watch(url.replace('grpc', 'grpcs'), {
    tlsConfig: { caFile: '/nowhere/ca.crt', insecureSkipVerify: false },
  });
  expect((await source.state('failing')).message).toContain('/nowhere/ca.crt');
  expect(source.errors[0]).toBe('scheduler/seldon-mesh credentials');
  expect(scheduler.server.connections()).toBe(0);
});

it('ends at once when it is stopped, and tells nothing after that', async () => {
  const scheduler = new FakeScheduler();
  const source = watch(await scheduler.listen());
  await source.state('synced');
  await source.stop();
  expect(source.status()?.state).toBe('synced');
});
