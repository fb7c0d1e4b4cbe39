/**
 * What meets by id goes to the replica that owns the id (docs/decisions/023): joins, feedback, requests and responses that
 * come apart, deletions. Bins are counted where an event arrives, and nothing that was forwarded is forwarded again.
 */
import type { Telemetry } from '../domain/telemetry';
import type { SourceView } from '../domain/source-book';
import type { Store } from '../joins/store';
import type { Clock } from '../sources/clock';
import { encodeItem, type ForwardAnswer, type ForwardItem } from './items';
import { createKeptOpen } from './kept-open';
import { createLane, ForwardError, type ForwardErrorReason, type Lane, type LaneOptions } from './lane';
import type { OutboxEntry } from './outbox';
import { takeOwn } from './own';
import { ownerOf } from './owner';
import { createPost, type PeerAddress } from './post';

export { ForwardError } from './lane';

export interface ForwardMetrics {
  forwarded(peer: string, outcome: 'delivered' | 'stored', count: number): void;
  forwardFailed(peer: string, reason: ForwardErrorReason): void;
  /** Undefined while the disk cannot be read. */
  forwardQueue(peer: string, memory: number, disk: number | undefined): void;
  peerUp(peer: string, isUp: boolean): void;
}

export interface Forwarding {
  /** Undefined where it is this replica. */
  otherOwner(key: string): number | undefined;
  /** One answer for each: of the owner, `stored` or `too_large`. @throws StoreError when the owner is away and there is no room on disk */
  send(owner: number, items: readonly ForwardItem[]): Promise<readonly ForwardAnswer[]>;
  /** Without a copy on disk. @throws ForwardError when the owner did not take it within some seconds */
  pass(owner: number, items: readonly ForwardItem[]): Promise<readonly ForwardAnswer[]>;
  /** Asks all other replicas to forget an id, since one of them may have had it before. @throws ForwardError */
  forget(key: string): Promise<boolean>;
  /**
   * Asks all other replicas to forget a batch.
   * @returns whether one knew it
   * @throws ForwardError where one is away, older, or has events on its disk that may open the batch again; StoreError
   */
  forgetBatch(name: BatchName): Promise<boolean>;
  /** Whether events wait on disk, for whichever replica. @throws StoreError */
  hasStored(): Promise<boolean>;
  /** Sends a deletion behind what waits here for the owner of an id, or it would come back. @throws StoreError */
  forgetQueued(key: string): Promise<void>;
  /** Tells all other replicas that answer; who does not is told all when it is back. What there is no room for is counted. */
  share(items: readonly ForwardItem[]): void;
  /** Whether more events with an id can be taken in. */
  readonly hasRoom: boolean;
  /** Resolves when there is, looked at once a second. */
  whenRoom(): Promise<void>;
  /** To be called about every second. */
  advance(): void;
  /** Other replicas, as sources that need not be there. */
  views(): readonly SourceView[];
  stop(): Promise<void>;
}

interface BatchName {
  readonly namespace: string;
  readonly model: string;
  readonly batch: string;
}

export interface ForwardingOptions {
  readonly replica: number;
  readonly replicas: number;
  readonly address: PeerAddress;
  readonly maxOutboxBytes: number;
  /** @throws StoreError */
  readonly openStore: () => Promise<Store>;
  /** Takes what turns out to be our own, after the number of replicas changed. */
  readonly receive: (items: readonly unknown[]) => Promise<unknown>;
  readonly metrics: ForwardMetrics;
  readonly telemetry: Pick<Telemetry, 'error' | 'dropped'>;
  /** Whether it is known which models are watched: before, nothing would be counted of what is our own. */
  readonly mayTake: () => boolean;
  /** Another replica is there, and may know nothing. */
  readonly onPeer: () => void;
  readonly onProblem: (peer: string | undefined, problem: string | undefined) => void;
  readonly clock: Clock;
}

/** One that is away may be back any moment. */
const LOOK_AGAIN_SECONDS = 1;
const LOOKS_TO_ONE_THERE = 5;
const ROOM_SECONDS = 1;
/** Of what all are told: one waits for the other, or memory would not have room for all of it. */
const SHARED_AT_ONCE = 500;

interface Peer {
  readonly lane: Lane;
  isUp: boolean | undefined;
  problem: string | undefined;
  contactSeconds: number | undefined;
}

export function createForwarding(options: ForwardingOptions): Forwarding {
  const { replica, replicas, metrics, clock } = options;
  const ended = new AbortController();
  const post = createPost(options, ended.signal);
  const outbox = createKeptOpen(options);
  const peers = new Map<number, Peer>();
  let looks = 0;
  let taking: Promise<unknown> | undefined;

  for (let number = 0; number < replicas; number++) if (number !== replica) peers.set(number, createPeer(number));

  function createPeer(number: number): Peer {
    const name = String(number);
    const told = (problem: ForwardError | undefined) => {
      const isNews = peer.isUp !== (problem === undefined);
      [peer.isUp, peer.problem] = [problem === undefined, problem?.message];
      if (problem) metrics.forwardFailed(name, problem.reason);
      else peer.contactSeconds = clock.nowSeconds();
      metrics.peerUp(name, peer.isUp);
      if (!isNews || ended.signal.aborted) return;
      options.onProblem(name, problem?.message);
      if (!problem) options.onPeer();
    };
    const lane = createLane({
      post: (texts) => post.send(number, texts),
      store: (entries) => outbox.use((open) => open.add(number, entries)),
      stored: storedOf(number),
      onAnswers: (answers) => metrics.forwarded(name, 'delivered', answers.length),
      onStored: (count) => metrics.forwarded(name, 'stored', count),
      onTooLarge: (detail) => {
        metrics.forwardFailed(name, 'too_large');
        options.telemetry.dropped('events', 'too_large', detail);
      },
      onState: told,
      after: clock.after,
      nowSeconds: clock.monotonicSeconds,
    });
    metrics.forwarded(name, 'delivered', 0);
    metrics.forwarded(name, 'stored', 0);
    const peer: Peer = { lane, isUp: undefined, problem: undefined, contactSeconds: undefined };
    return peer;
  }

  function storedOf(owner: number): LaneOptions['stored'] {
    return {
      pending: () => outbox.current?.pending(owner) ?? 0,
      oldest: (atMost, mostBytes) => outbox.use((open) => open.oldest(owner, atMost, mostBytes)),
      remove: (count) => outbox.use((open) => open.remove(owner, count)),
    };
  }

  /** What an earlier process left for a replica that we are now. Who asks meanwhile waits for the same. */
  function takeOwnOnce(): Promise<unknown> {
    const taken = () => takeOwn(storedOf(replica), options.receive, () => !ended.signal.aborted);
    return (taking ??= taken().finally(() => (taking = undefined)));
  }

  async function forgetQueued(key: string): Promise<void> {
    const owner = ownerOf(key, replicas);
    const waiting = await outbox.use(async (open) => open.pending(owner));
    if (waiting === 0) return;
    if (owner === replica) await takeOwnOnce();
    else await laneOf(owner).send(entriesOf([{ key, join: { kind: 'deletion' } }]), true);
  }

  /** Whatever they are of: deletions of batches are rare, and replicas seldom away. */
  function hasStored(): Promise<boolean> {
    return outbox.use(async (open) =>
      Array.from({ length: replicas }, (_, owner) => open.pending(owner)).some(Boolean)
    );
  }

  /** One answer for each of the others, in their order. */
  async function askAll(item: ForwardItem): Promise<readonly ForwardAnswer[]> {
    const answers = await Promise.all([...peers.values()].map(({ lane }) => lane.send(entriesOf([item]), false)));
    return answers.flat();
  }

  async function forgetBatch({ namespace, model, batch }: BatchName): Promise<boolean> {
    if (await hasStored()) throw waiting(replica);
    const answers = await askAll({ key: JSON.stringify([namespace, model, '']), forgetBatch: batch });
    for (const [at, number] of [...peers.keys()].entries()) {
      const answer = answers[at];
      if (answer === 'waiting') throw waiting(number);
      if (answer === 'known' || answer === 'gone') continue;
      const message = `expected all replicas to forget batches, got replica ${number} of a version that cannot`;
      throw new ForwardError('mismatch', message);
    }
    return answers.includes('known');
  }

  /** Who is told all when it is back needs no more of it now. */
  async function tell(peer: Peer, entries: readonly OutboxEntry[]): Promise<void> {
    for (let at = 0; at < entries.length && peer.isUp; at += SHARED_AT_ONCE) {
      const part = entries.slice(at, at + SHARED_AT_ONCE);
      const isTold = await peer.lane.send(part, false).then(
        () => true,
        () => !peer.isUp
      );
      if (isTold) continue;
      const detail = 'expected room in memory for what another replica is told of consumers';
      for (let index = 0; index < part.length; index++) options.telemetry.dropped('events', 'over_limit', detail);
    }
  }

  async function look(): Promise<void> {
    const isTime = looks++ % LOOKS_TO_ONE_THERE === 0;
    if (isTime) await outbox.open();
    for (const { lane, isUp } of peers.values()) if (isTime || !isUp) lane.look();
    if (isTime && options.mayTake()) await takeOwnOnce();
  }
  const lookSafely = (): void => void look().catch((error) => options.onProblem(undefined, String(error)));
  const timer = setInterval(lookSafely, LOOK_AGAIN_SECONDS * 1_000);
  timer.unref();
  lookSafely();

  const laneOf = (owner: number): Lane => (peers.get(owner) as Peer).lane;
  const entriesOf = (items: readonly ForwardItem[]): OutboxEntry[] =>
    items.map((item) => ({ key: item.key, text: encodeItem(item) }));
  return {
    otherOwner: (key) => {
      const owner = ownerOf(key, replicas);
      return owner === replica ? undefined : owner;
    },
    send: (owner, items) => laneOf(owner).send(entriesOf(items), true),
    pass: (owner, items) => laneOf(owner).send(entriesOf(items), false),
    forget: async (key) => (await askAll({ key, forget: true })).includes('known'),
    forgetBatch,
    hasStored,
    forgetQueued,
    share(items) {
      const entries = entriesOf(items);
      for (const peer of peers.values()) void tell(peer, entries);
    },
    get hasRoom() {
      return outbox.current?.hasRoom ?? true;
    },
    async whenRoom() {
      while (!ended.signal.aborted && outbox.current?.hasRoom === false) {
        await new Promise<void>((resolve) => void clock.after(ROOM_SECONDS, resolve));
      }
    },
    advance() {
      for (const [number, { lane }] of peers) {
        metrics.forwardQueue(String(number), lane.queued, outbox.current?.pending(number));
      }
    },
    views: () => [...peers].map(([number, peer]) => viewOf(number, peer)),
    async stop() {
      clearInterval(timer);
      ended.abort();
      await Promise.all([...peers.values()].map(({ lane }) => lane.stop()));
      await outbox.close();
      await post.close();
    },
  };
}

function waiting(replica: number): ForwardError {
  const message = `expected nothing on disk that may open the batch again, got replica ${replica} with events that wait`;
  return new ForwardError('busy', message);
}

function viewOf(number: number, { isUp, problem, contactSeconds }: Peer): SourceView {
  return {
    ...{ source: `replica/${number}`, title: `Replica ${number}`, required: false, objects: 0 },
    state: isUp === undefined ? 'syncing' : isUp ? 'synced' : 'failing',
    ...(contactSeconds === undefined ? {} : { lastContactSeconds: contactSeconds }),
    ...(problem === undefined ? {} : { message: problem }),
  };
}
