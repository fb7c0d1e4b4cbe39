/**
 * A signal that follows another and can be aborted by itself. `AbortSignal.any` would do, but on Node 20 each call leaves
 * something behind on a signal that lives as long as the process.
 */
export class Link {
  private readonly controller = new AbortController();
  private readonly follow = (): void => this.controller.abort(this.parent?.reason);

  constructor(private readonly parent: AbortSignal | undefined) {
    if (parent?.aborted) this.follow();
    else parent?.addEventListener('abort', this.follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason?: unknown): void {
    this.controller.abort(reason);
  }

  /** Follows no more. */
  release(): void {
    this.parent?.removeEventListener('abort', this.follow);
  }
}
