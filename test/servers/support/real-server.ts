/** A real model server out of its own Python environment, with all the processes that it starts. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/processes';

/** Where `npm run test:servers` keeps the environments. */
const HOME = process.env.MODELWATCH_SERVERS_HOME ?? '';
const MODELS = join(__dirname, '..', 'models');

export const environment = (name: string): string => join(HOME, name);
/** A program of the environment, e.g. `python`. */
export const program = (name: string, command: string): string => join(environment(name), 'bin', command);

/** Where its Python packages are. */
export function packagesOf(name: string): string {
  const library = join(environment(name), 'lib');
  return join(library, readdirSync(library)[0] ?? '', 'site-packages');
}

export interface RealServer {
  /** Stops every process of the server where it stands: connections are taken and never answered. */
  hang(): void;
  resume(): void;
  /** SIGKILL to every process of the server, as the kernel does when memory runs out. */
  kill(): Promise<void>;
  output(): string;
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Rejects or gives false until the server takes requests. */
  readonly isUp: () => Promise<boolean>;
  readonly patienceMs?: number;
}

const running = new Set<RealServer>();
const folders = new Set<string>();

/** A copy of the models of this server, in a folder of its own that goes with the test. */
export function copyOfModels(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `modelwatch-${name}-`)));
  folders.add(folder);
  cpSync(join(MODELS, name), folder, { recursive: true });
  return folder;
}

export async function startServer({ command, args, cwd, env, isUp, patienceMs = 90_000 }: Launch): Promise<RealServer> {
  // In a process group of its own: servers start workers that outlive them.
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, PYTHONUNBUFFERED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const group = child.pid;
  if (group === undefined) throw new Error(`${command} could not be started`);
  const marker = join(HOME, 'running', String(group));
  mkdirSync(join(HOME, 'running'), { recursive: true });
  writeFileSync(marker, command);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const signal = (name: NodeJS.Signals) => {
    for (const pid of withDescendants(group)) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended.
      }
    }
  };
  const server: RealServer = {
    hang: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    kill: async () => {
      running.delete(server);
      signal('SIGKILL');
      await ended;
      rmSync(marker, { force: true });
    },
    output: () => text,
  };
  running.add(server);
  try {
    await Promise.race([
      until(`${command} to take requests`, isUp, (up) => up, patienceMs),
      ended.then(() => Promise.reject(new Error(`${command} ended`))),
    ]);
  } catch (error) {
    throw new Error(`${(error as Error).message}. It said:\n${text.slice(-3_000)}`, { cause: error });
  }
  return server;
}

/** Ray starts its workers in process groups of their own, so the group is not enough. */
function withDescendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // The name of the program, in parentheses, may hold anything.
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8').replace(/^.*\) /s, '');
      const parent = Number(stat.split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const all = [root];
  for (const pid of all) all.push(...(children.get(pid) ?? []));
  return all;
}

export const answersOk = (url: string) => async (): Promise<boolean> => (await fetch(url)).ok;

afterAll(async () => {
  await Promise.all([...running].map((server) => server.kill()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
