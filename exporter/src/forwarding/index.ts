/**
 * What meets by id goes to the replica that owns the id (docs/decisions/023): joins, feedback, requests and responses that
 * come apart, deletions. Bins are counted where an event arrives, and nothing that was forwarded is forwarded again.
 */
import type { Telemetry } from '../domain/telemetry';
import type { SourceView } from '../domain/source-book';
import { StoreError, type Store } from '../joins/store';
import type { Clock } from '../sources/clock';
import { encodeItem, type ForwardAnswer, type ForwardItem } from './items';
import { createLane, type ForwardError, type ForwardErrorReason, type Lane } from './lane';
import { openOutbox, OutboxFull, type Outbox, type OutboxEntry } from './outbox';
import { ownerOf } from './owner';
import { createPost, type PeerAddress } from './post';

export { ForwardError } from './lane';

export interface ForwardMetrics {
  forwarded(peer: string, outcome: 'delivered' | 'stored', count: number): void;
  forwardFailed(peer: string, reason: ForwardErrorReason): void;
  forwardQueue(peer: string, memory: number, disk: number): void;
  peerUp(peer: string, isUp: boolean): void;
}

export interface Forwarding {
  /** Undefined where it is this replica. */
  otherOwner(key: string): number | undefined;
  /** One answer for each: of the owner, or `stored`. @throws StoreError when the owner is away and there is no room on disk */
  send(owner: number, items: readonly ForwardItem[]): Promise<readonly ForwardAnswer[]>;
  /** Without a copy on disk. @throws ForwardError when the owner did not take it within some seconds */
  pass(owner: number, items: readonly ForwardItem[]): Promise<readonly ForwardAnswer[]>;
  /** Asks all other replicas to forget an id, since one of them may have had it before. @throws ForwardError */
  forget(key: string): Promise<boolean>;
  /** Sends a deletion behind what waits here for the owner of an id, or it would come back. @throws StoreError */
  forgetQueued(key: string): Promise<void>;
  /** Tells all other replicas that answer; who does not is told all when it is back. */
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
  readonly telemetry: Pick<Telemetry, 'error'>;
  /** Another replica is there, and may know nothing. */
  readonly onPeer: () => void;
  readonly onProblem: (peer: string | undefined, problem: string | undefined) => void;
  readonly clock: Clock;
}

/** One that is away may be back any moment. */
const LOOK_AGAIN_SECONDS = 1;
const LOOKS_TO_ONE_THERE = 5;
const ROOM_SECONDS = 1;
const OWN_AT_ONCE = 2_000;

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
  let taking: Promise<void> | undefined;

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
      stored: {
        pending: () => outbox.current?.pending(number) ?? 0,
        oldest: (atMost) => outbox.use((open) => open.oldest(number, atMost)),
        remove: (count) => outbox.use((open) => open.remove(number, count)),
      },
      onAnswers: (answers) => metrics.forwarded(name, 'delivered', answers.length),
      onStored: (count) => metrics.forwarded(name, 'stored', count),
      onState: told,
      after: clock.after,
      nowSeconds: clock.monotonicSeconds,
    });
    metrics.forwarded(name, 'delivered', 0);
    metrics.forwarded(name, 'stored', 0);
    const peer: Peer = { lane, isUp: undefined, problem: undefined, contactSeconds: undefined };
    return peer;
  }

  /** What an earlier process left for a replica that we are now. */
  async function takeOwnNow(): Promise<void> {
    while ((outbox.current?.pending(replica) ?? 0) > 0) {
      const texts = await outbox.use((open) => open.oldest(replica, OWN_AT_ONCE));
      await options.receive(texts.map((text): unknown => JSON.parse(text)));
      await outbox.use((open) => open.remove(replica, texts.length));
    }
  }

  /** One at a time: what two read together would be removed twice. */
  function takeOwn(): Promise<void> {
    return (taking ??= takeOwnNow().finally(() => (taking = undefined)));
  }

  async function forgetQueued(key: string): Promise<void> {
    const owner = ownerOf(key, replicas);
    const waiting = await outbox.use(async (open) => open.pending(owner));
    if (waiting === 0) return;
    if (owner === replica) await takeOwn();
    else await laneOf(owner).send(entriesOf([{ key, join: { kind: 'deletion' } }]), true);
  }

  async function look(): Promise<void> {
    const isTime = looks++ % LOOKS_TO_ONE_THERE === 0;
    if (isTime) await outbox.open();
    for (const { lane, isUp } of peers.values()) if (isTime || !isUp) lane.look();
    if (isTime) await takeOwn();
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
    async forget(key) {
      const entries = entriesOf([{ key, forget: true }]);
      const answers = await Promise.all([...peers.values()].map(({ lane }) => lane.send(entries, false)));
      return answers.flat().includes('known');
    },
    forgetQueued,
    share(items) {
      if (items.length === 0) return;
      for (const { lane, isUp } of peers.values()) {
        if (isUp) void lane.send(entriesOf(items), false).catch(() => undefined);
      }
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
        metrics.forwardQueue(String(number), lane.queued, outbox.current?.pending(number) ?? 0);
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

function viewOf(number: number, { isUp, problem, contactSeconds }: Peer): SourceView {
  return {
    ...{ source: `replica/${number}`, title: `Replica ${number}`, required: false, objects: 0 },
    state: isUp === undefined ? 'syncing' : isUp ? 'synced' : 'failing',
    ...(contactSeconds === undefined ? {} : { lastContactSeconds: contactSeconds }),
    ...(problem === undefined ? {} : { message: problem }),
  };
}

/** A store that failed is opened anew: a disk that was full breaks it until then. */
function createKeptOpen({ openStore, replicas, maxOutboxBytes, telemetry, onProblem }: ForwardingOptions) {
  let current: Outbox | undefined;
  let opening: Promise<void> | undefined;
  let isClosed = false;

  async function begin(): Promise<void> {
    try {
      current = await openOutbox({ open: openStore, replicas, maxBytes: maxOutboxBytes });
      if (isClosed) await current.close();
    } catch (error) {
      failed(error);
    }
  }
  function failed(error: unknown): void {
    telemetry.error('outbox', error instanceof StoreError ? error.reason : 'other');
    onProblem(undefined, error instanceof Error ? error.message : String(error));
  }

  return {
    get current() {
      return current;
    },
    open: async (): Promise<void> => {
      if (current || isClosed) return;
      opening ??= begin().finally(() => (opening = undefined));
      await opening;
    },
    async use<T>(work: (outbox: Outbox) => Promise<T>): Promise<T> {
      if (!current) await opening;
      const used = current;
      if (!used) throw new StoreError('other', 'expected an outbox for other replicas that can be opened, got none');
      try {
        return await work(used);
      } catch (error) {
        if (used === current && !(error instanceof OutboxFull) && !isClosed) {
          current = undefined;
          failed(error);
          await used.close().catch(() => undefined);
        }
        throw error;
      }
    },
    close: async (): Promise<void> => {
      isClosed = true;
      await opening;
      await current?.close();
    },
  };
}
