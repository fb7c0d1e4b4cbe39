/** Cuts a stream of bytes into lines. A watch is one JSON object a line, and a chunk may end anywhere, even in a letter. */
export class LineSplitter {
  private parts: Buffer[] = [];
  private held = 0;

  /** @param maxBytes a line longer than this is an error: nothing in Kubernetes is (objects have at most about 1.5 MB) */
  constructor(private readonly maxBytes: number) {}

  /**
   * The lines that the chunk completes, without line feeds and without empty ones.
   * @throws RangeError when a line grows over the limit
   */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const line = this.complete(chunk.subarray(start, end));
      if (line) lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) {
      this.parts.push(chunk.subarray(start));
      this.held += chunk.length - start;
    }
    if (this.held > this.maxBytes) throw new RangeError(`a line is longer than ${this.maxBytes} bytes`);
    return lines;
  }

  /** Bytes of a line that has begun and not ended: more than 0 at the end of a stream means that it was cut. */
  get pendingBytes(): number {
    return this.held;
  }

  private complete(tail: Buffer): string {
    if (this.parts.length === 0) return tail.toString('utf8');
    const line = Buffer.concat([...this.parts, tail]).toString('utf8');
    this.parts = [];
    this.held = 0;
    return line;
  }
}
