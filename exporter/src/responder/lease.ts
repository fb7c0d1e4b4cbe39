/**
 * The Lease (coordination.k8s.io/v1) that is held while something is done, by one responder at a time. Its annotations
 * hold the journal. Whether the holder is gone is told by our own clock alone: the Lease did not change for as long as it
 * lasts. Those of others may go wrong.
 */
import { isObject } from '@modelwatch/contract';
import type { Cluster } from './cluster';
import { parseJournal, type Journal } from './journal';
import { failed, refused, type Outcome } from './types';

const JOURNAL = 'modelwatch.io/journal';
/** `kubectl annotate lease modelwatch-responder modelwatch.io/paused=true` is a kill switch, too. */
const PAUSED = 'modelwatch.io/paused';

export interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  /** Of this process alone. */
  readonly identity: string;
  /** From each write of it on. */
  readonly durationSeconds: number;
  /** How often it is looked at while another has it. */
  readonly retrySeconds: number;
}

export interface LeaseDeps {
  readonly cluster: Cluster;
  readonly nowSeconds: () => number;
  readonly monotonicSeconds: () => number;
  readonly sleep: (seconds: number) => Promise<void>;
}

export interface Held {
  readonly journal: Journal;
  readonly paused: boolean;
  /** To be called right before each act: writes the journal and holds the Lease anew. @returns why it may not be held now */
  save(journal: Journal): Promise<Outcome | undefined>;
}

export interface Lease {
  /** Runs while the Lease is held, or says why it cannot be had. */
  during(run: (held: Held) => Promise<Outcome>): Promise<Outcome>;
}

type Document = Readonly<Record<string, unknown>>;

export function createLease(options: LeaseOptions, deps: LeaseDeps): Lease {
  const { cluster, nowSeconds, monotonicSeconds } = deps;
  const folder = `/apis/coordination.k8s.io/v1/namespaces/${options.namespace}/leases`;
  const path = `${folder}/${options.name}`;

  /** @param holder undefined: nobody; the API server takes no empty name */
  function written(before: Document | undefined, holder: string | undefined, journal?: Journal): object {
    const metadata = part(before, 'metadata');
    const annotations = part(metadata, 'annotations');
    const spec = part(before, 'spec');
    const now = microTime(nowSeconds());
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        ...metadata,
        ...{ name: options.name, namespace: options.namespace },
        annotations: { ...annotations, ...(journal === undefined ? {} : { [JOURNAL]: JSON.stringify(journal) }) },
      },
      spec: {
        ...spec,
        holderIdentity: holder,
        leaseDurationSeconds: options.durationSeconds,
        renewTime: now,
        ...(holder === undefined || spec['holderIdentity'] === holder ? {} : { acquireTime: now }),
      },
    };
  }

  async function acquire(): Promise<Document | Outcome> {
    let seen: { version: unknown; atSeconds: number } | undefined;
    const until = monotonicSeconds() + 2 * options.durationSeconds;
    for (;;) {
      const found = await cluster.get(path);
      if (found.kind === 'failed') return found.outcome;
      const object = found.kind === 'ok' ? found.object : undefined;
      const version = part(object, 'metadata')['resourceVersion'];
      if (seen?.version !== version || seen === undefined) seen = { version, atSeconds: monotonicSeconds() };
      const silent = monotonicSeconds() - seen.atSeconds;
      if (!isHeld(object, options.identity) || silent > durationOf(object, options)) {
        const mine = written(object, options.identity);
        const taken = object ? await cluster.replace(path, mine) : await cluster.create(folder, mine);
        if (taken.kind === 'ok') return taken.object;
        if (taken.kind === 'failed') return taken.outcome;
        // No namespace is no conflict: it would be asked for ever.
        if (taken.kind === 'missing') return failed('not_found', taken.text);
      }
      if (monotonicSeconds() >= until) return refused('lock', `another responder holds the Lease ${options.name}`);
      await deps.sleep(options.retrySeconds);
    }
  }

  return {
    async during(run) {
      const taken = await acquire();
      if (isOutcome(taken)) return taken;
      let own: Document = taken;
      const annotations = part(part(own, 'metadata'), 'annotations');
      let journal: Journal;
      try {
        journal = parseJournal(annotations[JOURNAL] as string | undefined);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return failed('lock', `annotation ${JOURNAL} of the Lease ${options.name}: ${why}`);
      }
      const write = async (holder: string | undefined, next?: Journal) => {
        const answer = await cluster.replace(path, written(own, holder, next));
        if (answer.kind === 'ok') own = answer.object;
        return answer;
      };
      const save: Held['save'] = async (next) => {
        const beganSeconds = monotonicSeconds();
        const answer = await write(options.identity, next);
        if (answer.kind === 'ok') return outlasted(options, monotonicSeconds() - beganSeconds);
        return answer.kind === 'failed' ? answer.outcome : refused('lock', `the Lease was lost: ${answer.text}`);
      };
      const outcome = await run({ journal, paused: annotations[PAUSED] === 'true', save });
      // One that is not given back ends by itself.
      await write(undefined);
      return outcome;
    },
  };
}

/** It lasts from when the API server wrote it, which may be as long ago as it was asked to. */
function outlasted({ name, durationSeconds }: LeaseOptions, tookSeconds: number): Outcome | undefined {
  if (tookSeconds < durationSeconds) return undefined;
  const took = Math.ceil(tookSeconds);
  const words = `the Lease ${name} lasts ${durationSeconds} s, and to write it took ${took} s: another responder may hold it`;
  return refused('lock', words);
}

function isHeld(object: Document | undefined, identity: string): boolean {
  const holder = part(object, 'spec')['holderIdentity'];
  return typeof holder === 'string' && holder !== '' && holder !== identity;
}

function durationOf(object: Document | undefined, { durationSeconds }: LeaseOptions): number {
  const own = part(object, 'spec')['leaseDurationSeconds'];
  return typeof own === 'number' && own > 0 ? Math.min(own, 600) : durationSeconds;
}

function isOutcome(value: Document | Outcome): value is Outcome {
  return 'result' in value && 'reason' in value;
}

function part(object: Document | undefined, key: string): Record<string, unknown> {
  const value = object?.[key];
  return isObject(value) ? value : {};
}

/** As metav1.MicroTime is written. */
function microTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('Z', '000Z');
}
