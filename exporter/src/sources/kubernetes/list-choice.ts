/** Whether a list is streamed or read in pages, and what a stream that failed says about that. */
import type { Clock } from '../clock';
import { toApiError } from './errors';

/** How the lists of one kind are read: its watchers learn from each other. */
export interface ListProtocol {
  /** Until then lists come in pages, because a streamed list was refused or not finished. */
  pagedUntilMonotonicSeconds: number;
}

/** Streams of a list that broke off in a row before pages are tried: those can be gone on with. */
const BROKEN_STREAMS = 2;
const PAGED_FOR_SECONDS = 600;

/** The server does not stream lists, or not to their end. */
export class NotStreamed extends Error {
  constructor(readonly pagedForSeconds: number) {
    super('the list is not streamed');
  }
}

export class ListChoice {
  private brokenStreams = 0;

  /** @param place the request, for messages */
  constructor(
    private readonly clock: Pick<Clock, 'monotonicSeconds'>,
    private readonly protocol: ListProtocol,
    private readonly place: string
  ) {}

  get inPages(): boolean {
    return this.clock.monotonicSeconds() < this.protocol.pagedUntilMonotonicSeconds;
  }

  pageFor(seconds: number): void {
    this.protocol.pagedUntilMonotonicSeconds = this.clock.monotonicSeconds() + seconds;
    this.brokenStreams = 0;
  }

  /** A streamed list was whole. */
  finished(): void {
    this.brokenStreams = 0;
  }

  /** Whether a streamed list failed as any request may, or because it was streamed. */
  judge(error: unknown, quiet: boolean): unknown {
    if (quiet) return new NotStreamed(PAGED_FOR_SECONDS);
    const failure = error instanceof NotStreamed ? error : toApiError(error, this.place);
    if (failure instanceof NotStreamed) return failure;
    if (failure.status === 400 || failure.status === 422) return new NotStreamed(Infinity);
    if (failure.reason === 'invalid_response' || failure.reason === 'too_large') {
      return new NotStreamed(PAGED_FOR_SECONDS);
    }
    if (failure.reason === 'disconnected' || failure.reason === 'timeout') this.brokenStreams += 1;
    if (this.brokenStreams >= BROKEN_STREAMS) this.pageFor(PAGED_FOR_SECONDS);
    return failure;
  }
}
