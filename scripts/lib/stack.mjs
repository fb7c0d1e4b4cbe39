/** Child processes of `npm start`: started together, ended together. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from './setup.mjs';

export class Stack {
  #children = [];
  #ending = false;

  /** `onLoss` is told when a process ends that nobody asked to end. */
  constructor(onLoss) {
    this.onLoss = onLoss;
  }

  /** Output goes to a file, so that the screen keeps the table; its path is in the loss message. */
  start(name, command, args, env = {}) {
    const logFile = join(CACHE, 'start', `${name}.log`);
    const log = createWriteStream(logFile);
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    });
    ended.then((how) => {
      log.end();
      if (!this.#ending) this.onLoss(name, how, logFile);
    });
    this.#children.push({ child, ended });
  }

  async end() {
    this.#ending = true;
    for (const { child } of this.#children) child.kill('SIGTERM');
    const patience = setTimeout(
      () => this.#children.forEach(({ child }) => child.exitCode ?? child.kill('SIGKILL')),
      8_000
    );
    await Promise.all(this.#children.map(({ ended }) => ended));
    clearTimeout(patience);
  }
}

/** Resolves when the address answers with the wanted status; rejects after the patience, naming it. */
export async function answers(url, { patienceMs = 30_000, status = 200 } = {}) {
  const until = Date.now() + patienceMs;
  for (;;) {
    const seen = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.status,
      () => undefined
    );
    if (seen === status) return;
    if (Date.now() > until)
      throw new Error(`${url} did not answer ${status} within ${patienceMs / 1000} s (last: ${seen ?? 'no answer'})`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
