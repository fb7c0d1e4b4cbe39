/** At most so many at a time, in the order of asking. */
export class Lane {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(width: number) {
    this.free = Math.max(1, width);
  }

  /** Resolves when there is room; what it resolves to gives the room back, and may be called twice. */
  async enter(): Promise<() => void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.leaver();
  }

  /** The same without waiting; nothing when there is no room. */
  enterNow(): (() => void) | undefined {
    if (this.free === 0) return undefined;
    this.free -= 1;
    return this.leaver();
  }

  private leaver(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
