/** How far a long piece of work is, on one line of a terminal. */
export interface ProgressBar {
  /** `share` is 0 to 1. */
  readonly show: (share: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const WIDTH = 30;
const EVERY_MS = 100;
const CLEAR = '\r\u001b[K';

/** Silent where nobody looks: a file or a pipe would keep every step of it. */
export function progressBar(
  out: { readonly isTTY?: boolean; write: (text: string) => unknown },
  now: () => number = () => performance.now()
): ProgressBar {
  if (!out.isTTY) return { show: () => undefined, end: () => undefined };
  const started = now();
  let shown = -Infinity;
  return {
    show: (share) => {
      if (now() - shown < EVERY_MS) return;
      shown = now();
      const done = Math.round(share * WIDTH);
      const seconds = (shown - started) / 1_000;
      const left = share > 0.01 && seconds > 1 ? `, ${Math.ceil((seconds / share) * (1 - share))} s left` : '';
      const bar = `${'#'.repeat(done)}${'.'.repeat(WIDTH - done)}`;
      out.write(`${CLEAR}[${bar}] ${Math.floor(share * 100)} %${left}`);
    },
    end: () => {
      if (shown > -Infinity) out.write(CLEAR);
    },
  };
}
