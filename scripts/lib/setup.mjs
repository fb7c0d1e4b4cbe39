/**
 * Set-up from a fresh clone. Plain JavaScript and Node's own modules only: it runs before any dependency is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { giveUp, note, step } from './say.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const CACHE = join(ROOT, '.cache');

/** Programs and libraries that we start or test with, and the Debian package that brings each. */
export const PROGRAMS = {
  prometheus: { package: 'prometheus', purpose: 'stores and evaluates the metrics' },
  promtool: { package: 'prometheus', purpose: 'checks metrics and rules' },
  'prometheus-alertmanager': {
    package: 'prometheus-alertmanager',
    also: ['alertmanager'],
    purpose: 'sends the alerts',
  },
  amtool: { package: 'prometheus-alertmanager', purpose: 'checks the Alertmanager configuration' },
  'python3-prometheus-client': {
    package: 'python3-prometheus-client',
    file: '/usr/lib/python3/dist-packages/prometheus_client/openmetrics/parser.py',
    purpose: 'reads OpenMetrics strictly',
  },
  chromium: { package: 'chromium', also: ['chromium-browser', 'google-chrome'], purpose: 'tests the panel' },
};

/** Path of a program on PATH, under its own or another usual name; of a library, the file that says it is there. */
export function which(command) {
  const file = PROGRAMS[command]?.file;
  if (file) return existsSync(file) ? file : undefined;
  const names = [command, ...(PROGRAMS[command]?.also ?? [])];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) if (folder && existsSync(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 20)) {
    giveUp(
      `Node ${process.versions.node} is too old: Modelwatch needs 20.20 or newer.\nInstall it from https://nodejs.org or with your version manager (nvm install 20), then run this again.`
    );
  }
}

/** Runs a command with its output shown; on failure gives up with the words of `help`. */
export function run(command, args, { help, env = {}, cwd = ROOT, quiet = false } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    // Training data of the demo comes this way.
    maxBuffer: 67_108_864,
  });
  if (result.status === 0) return result.stdout ?? '';
  const why = result.error
    ? result.error.message
    : quiet
      ? `${result.stdout}${result.stderr}`.trim()
      : `exit code ${result.status}`;
  return giveUp(`${command} ${args.join(' ')} failed: ${why}${help ? `\n${help}` : ''}`);
}

/**
 * Compiles projects with all they rest on; none named: all there are. By TypeScript 7, which takes an eighth of the time;
 * ESLint's rules still need the library of TypeScript 5, which stays beside it under its usual name.
 */
export function compile(...projects) {
  run('node', [join(ROOT, 'node_modules/@typescript/native/bin/tsc'), '-b', ...projects]);
}

/** npm's packages, only when the lock file has changed since they were last installed. */
export function ensurePackages() {
  const stamp = join(ROOT, 'node_modules', '.modelwatch-lock-hash');
  const hash = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  step('Installing npm packages into node_modules (once, one to three minutes)');
  run('npm', ['ci', '--no-audit', '--no-fund'], {
    help: 'npm needs to reach its registry. Behind a proxy, set it with: npm config set proxy http://HOST:PORT',
  });
  writeFileSync(stamp, hash);
}

/**
 * Finds programs, and installs the missing ones from Debian when that is possible.
 * @returns {{missing: string[]}} commands that are still not there; what to do has been said.
 */
export function ensurePrograms(commands) {
  const missing = commands.filter((command) => !which(command));
  if (missing.length === 0) return { missing };
  const packages = [...new Set(missing.map((command) => PROGRAMS[command].package))];
  const byHand = `sudo apt-get update && sudo apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (!which('apt-get')) {
    note(`Not found: ${missing.join(', ')}. This is not Debian, so nothing is installed: put them on PATH yourself.`);
    note('Prometheus and Alertmanager: https://prometheus.io/download. Chromium: from your distribution.');
    return { missing };
  }
  if (process.getuid?.() !== 0) {
    note(`Not found: ${missing.join(', ')}. Installing needs root. Run this once, then start again:`);
    note(`  ${byHand}`);
    return { missing };
  }
  step(`Installing Debian packages: ${packages.join(', ')}`);
  installDebian(packages, byHand);
  return { missing: commands.filter((command) => !which(command)) };
}

/** Debian starts a service as it installs it, which would take our ports: a policy says no while we install. */
function installDebian(packages, byHand) {
  const policy = '/usr/sbin/policy-rc.d';
  const ownPolicy = !existsSync(policy);
  if (ownPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-q'],
      ['install', '-y', '-q', '--no-install-recommends', ...packages],
    ]) {
      const result = spawnSync('apt-get', args, { env: { ...process.env, ...env }, encoding: 'utf8' });
      if (result.status !== 0) {
        note(
          `apt-get ${args[0]} failed: ${(result.stderr || result.stdout || '').trim().split('\n').slice(-3).join(' ')}`
        );
        note(`Install by hand, then start again: ${byHand}`);
        return;
      }
    }
  } finally {
    if (ownPolicy) rmSync(policy, { force: true });
  }
}

export function cacheFolder(...parts) {
  const folder = join(CACHE, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
