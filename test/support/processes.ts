/** Real programs in tests: started on free ports, waited for by what they answer, ended by their own handle. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Ports that differ in their last digit alone, as names of pods do: their beginning. None that the system gives out. */
export async function neighbourPorts(count: number): Promise<string> {
  for (;;) {
    const start = 1_500 + Math.floor(Math.random() * 1_500);
    const free = await Promise.all(Array.from({ length: count }, (_, digit) => isFree(Number(`${start}${digit}`))));
    if (free.every(Boolean)) return String(start);
  }
}

/** Whether a program could listen there; a question over HTTP would not notice a connection that leaves from it. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export interface Program {
  readonly pid: number;
  /** What it has printed so far, both streams. */
  output(): string;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end and waits until it has. */
  stop(): Promise<number | string>;
}

export function startProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child: ChildProcess = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return {
    pid: child.pid ?? NaN,
    output: () => text,
    ended,
    signal: (signal) => void child.kill(signal),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/**
 * Asks again until the answer satisfies; the last answer or error is in the message when it never does.
 * @param patienceMs how long to go on asking
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
  patienceMs = 30_000
): Promise<T> {
  const end = Date.now() + patienceMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (satisfied(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    await pause(100);
  }
  throw new Error(`${what}: not within ${patienceMs / 1000} s; last: ${JSON.stringify(last)?.slice(0, 3000)}`);
}

export async function getJson<T = unknown>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${(await response.text()).slice(0, 200)}`);
  return (await response.json()) as T;
}
