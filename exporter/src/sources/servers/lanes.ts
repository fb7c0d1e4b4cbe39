/** Endpoints that hung last time share a quarter of the width, so that the others always have the rest. */
export class Lanes {
  private readonly swift: Lane;
  private readonly slow: Lane;

  constructor(width: number) {
    const slow = Math.ceil(width / 4);
    this.swift = new Lane(width - slow);
    this.slow = new Lane(slow);
  }

  for(hung: boolean): Lane {
    return hung ? this.slow : this.swift;
  }
}

/** At most so many at a time, in the order of asking. */
class Lane {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(width: number) {
    this.free = Math.max(1, width);
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
