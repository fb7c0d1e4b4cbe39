import fc from 'fast-check';
import { SCHEDULER_SUBJECTS, type SchedulerSubject } from '../../domain/scheduler/words';
import { encodeTexts } from '../servers/protobuf';
import { decode } from './decode';
import { MESSAGES } from './testing/messages';

function read(of: SchedulerSubject, bytes: Buffer) {
  const drops: string[] = [];
  const drop = (reason: string, detail: string) => void drops.push(`${reason} ${detail}`);
  return { word: decode(of, bytes, { place: 'here', namespace: 'seldon-mesh', drop }), drops };
}

it('reads how a model is on each replica, in its latest version, and what the scheduler keeps for it', () => {
  expect(read('model', MESSAGES.model)).toEqual({
    word: {
      ...{ of: 'model', name: 'iris', generation: 3, version: '2', server: 'mlserver' },
      ...{ state: 'ModelFailed', reason: 'replica 1 failed', reservedBytes: 400_000_000 },
      replicas: [
        { index: 0, state: 'available', changedSeconds: 1_763_730_000 },
        { index: 1, state: 'load_failed', reason: 'rclone: directory not found', changedSeconds: 1_763_730_001 },
      ],
    },
    drops: [],
  });
});

it('reads the hash that stands for the ordinal in a Deployment, which is negative on the wire', () => {
  const { word, drops } = read('model', MESSAGES.modelOnDeployment);
  expect(word).toMatchObject({ server: 'triton', version: '7', reservedBytes: 3_000 });
  expect(word).toMatchObject({ replicas: [{ index: 4_294_967_296 - 1_990_000_384, state: 'loading' }] });
  expect(drops).toEqual([]);
});

it('reads that a model is gone', () => {
  expect(read('model', MESSAGES.modelTerminated).word).toEqual({ of: 'model', name: 'iris', gone: true });
  expect(read('model', encodeTexts({ 1: 'iris' })).word).toEqual({ of: 'model', name: 'iris', gone: true });
});

it('reads the memory of the replicas of a server', () => {
  expect(read('server', MESSAGES.server)).toEqual({
    word: {
      ...{ of: 'server', name: 'mlserver', generation: 3, connectedReplicas: 2 },
      replicas: [
        { index: 0, totalBytes: 4e9, availableBytes: 1.5e9, models: 2, overcommitPercent: 10 },
        { index: 1, totalBytes: 4e9, availableBytes: 4e9, models: 0, overcommitPercent: 0 },
      ],
    },
    drops: [],
  });
});

it('takes no request for scaling for a status, and a server that no resource asked for for what it is', () => {
  expect(read('server', MESSAGES.serverScaling)).toEqual({ word: undefined, drops: [] });
  const { word } = read('server', MESSAGES.serverUnasked);
  expect(word).toEqual({ of: 'server', name: 'triton', connectedReplicas: 1, replicas: [] });
});

it('reads pipelines and experiments', () => {
  expect(read('pipeline', MESSAGES.pipeline)).toEqual({
    word: {
      ...{ of: 'pipeline', name: 'chain', generation: 3, state: 'PipelineFailed', reason: 'no topic' },
      gatewayState: 'PipelineReady',
    },
    drops: [],
  });
  expect(read('experiment', MESSAGES.experiment)).toEqual({
    word: {
      ...{ of: 'experiment', name: 'ab', generation: 3, active: false, candidatesReady: true, mirrorReady: true },
      reason: 'not started',
    },
    drops: [],
  });
});

it('lets a scheduler speak of its own namespace only', () => {
  expect(read('model', MESSAGES.modelElsewhere)).toEqual({
    word: undefined,
    drops: ['unknown_value here model iris: expected namespace seldon-mesh, got "other"'],
  });
});

it.each<[string, SchedulerSubject, string, string]>([
  [
    'bytes that end early',
    'model',
    '0a0541',
    'truncated here: expected a message of the scheduler: it ends within a field',
  ],
  ['a number for a name', 'model', '0805', 'wrong_type here: expected a message of the scheduler: field 1 is no text'],
  ['no name', 'server', '2002', 'missing_field here: expected the name of a server in field 1, got ""'],
  [
    'a name with a slash',
    'server',
    '0a03612f62',
    'missing_field here: expected the name of a server in field 1, got "a/b"',
  ],
  ['a text for a truth value', 'experiment', '0a0161' + '120141', 'wrong_type here experiment a: expected a message'],
])('drops a message with %s, and says why', (_what, of, bytes, why) => {
  const { word, drops } = read(of, Buffer.from(bytes, 'hex'));
  expect(word).toBeUndefined();
  expect(drops).toEqual([expect.stringContaining(why)]);
});

it('drops the part that is wrong, and keeps the rest', () => {
  // A replica whose memory is a text, one without faults; a state that no list has.
  const server = Buffer.from('0a0161' + '1206' + '0801' + '12024142' + '1204' + '0802' + '1009' + '2002', 'hex');
  expect(read('server', server)).toEqual({
    word: {
      ...{ of: 'server', name: 'a', connectedReplicas: 2 },
      replicas: [
        { index: 1, availableBytes: 0, models: 0, overcommitPercent: 0 },
        { index: 2, totalBytes: 9, availableBytes: 0, models: 0, overcommitPercent: 0 },
      ],
    },
    drops: [expect.stringMatching(/^wrong_type here server a: .*field 2 is no truth value or number$/)],
  });
  const model = Buffer.from('0a0161' + '120c' + '1001' + '2a04' + '08001200' + '32020863', 'hex');
  expect(read('model', model)).toMatchObject({
    word: { version: '1', state: 'ModelStateUnknown', replicas: [{ index: 0, state: 'unknown' }] },
    drops: ['unknown_value here model a state: expected a number up to 10, got 99'],
  });
});

it('reads or drops any bytes, and throws at none', () => {
  const seeds = fc.constantFrom(...Object.values(MESSAGES));
  fc.assert(
    fc.property(
      fc.constantFrom(...SCHEDULER_SUBJECTS),
      seeds,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      (of, seed, changes) => {
        const bytes = Buffer.from(seed);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const { word, drops } = read(of, bytes);
        if (word && 'replicas' in word) for (const { index } of word.replicas) expect(index).toBeGreaterThanOrEqual(0);
        expect(drops.every((text) => text.length < 1_000)).toBe(true);
      }
    ),
    { numRuns: 500 }
  );
});
