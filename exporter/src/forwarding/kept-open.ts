/** The outbox of a replica, opened again when it broke. */
import type { Telemetry } from '../domain/telemetry';
import { StoreError, type Store } from '../joins/store';
import { openOutbox, OutboxFull, type Outbox } from './outbox';

export interface KeptOpenOptions {
  readonly replicas: number;
  readonly maxOutboxBytes: number;
  /** @throws StoreError */
  readonly openStore: () => Promise<Store>;
  readonly telemetry: Pick<Telemetry, 'error' | 'dropped'>;
  readonly onProblem: (peer: undefined, problem: string) => void;
}

/** A store that failed is opened anew: a disk that was full breaks it until then. */
export function createKeptOpen({ openStore, replicas, maxOutboxBytes, telemetry, onProblem }: KeptOpenOptions) {
  let current: Outbox | undefined;
  let opening: Promise<void> | undefined;
  let isClosed = false;

  async function begin(): Promise<void> {
    try {
      const onUnreadable = (detail: string) => telemetry.dropped('events', 'malformed_json', detail);
      current = await openOutbox({ open: openStore, replicas, maxBytes: maxOutboxBytes, onUnreadable });
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
