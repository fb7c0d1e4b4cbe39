/**
 * `npm run test:servers`: the exporter against real model servers, apart from `npm test` because they take 1.5 GB and
 * minutes to install, once, into .cache/servers.
 *
 *   npm run test:servers                               MLServer, Triton, KServe, TorchServe, llama.cpp
 *   npm run test:servers -- --only mlserver,triton     these only
 *   npm run test:servers -- --with bentoml,vllm        with those that are asked for by name
 *   npm run test:servers -- --record                   what the servers answer becomes the fixtures of the quick tests
 */
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { giveUp, step } from './lib/say.mjs';
import { ensureEnvironment, ensurePython, ensureSystem, SERVERS } from './lib/servers.mjs';
import { cacheFolder, checkNode, ensurePackages, ROOT } from './lib/setup.mjs';

const started = Date.now();
checkNode();
const names = chosen();
ensurePackages();
const python = ensurePython();
ensureSystem(names, python);
for (const name of names) ensureEnvironment(name, python);

step(`Testing against ${names.join(', ')}`);
const running = cacheFolder('servers', 'running');
process.once('SIGINT', () => undefined);
const jest = spawn(
  'npx',
  ['jest', '--runInBand', '--verbose', ...names.map((name) => `test/servers/${name}.test.ts`)],
  {
    cwd: ROOT,
    env: {
      ...process.env,
      MODELWATCH_EXTRA: '1',
      MODELWATCH_SERVERS_HOME: cacheFolder('servers'),
      MODELWATCH_PYTHON_LIBRARY: python.library,
      ...(wants().record ? { MODELWATCH_RECORD: '1' } : {}),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  }
);
const status = await new Promise((resolve) => jest.once('exit', (code) => resolve(code ?? 1)));
endLeftovers();
console.log(`\nnpm run test:servers took ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(status);

function wants() {
  const list = { type: 'string', default: '' };
  try {
    return parseArgs({ options: { only: list, with: list, record: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    return giveUp(`${error.message}\nExpected --only, --with or --record.`);
  }
}

function chosen() {
  const split = (text) => text.split(',').filter(Boolean);
  const { only, with: more } = wants();
  const usual = Object.keys(SERVERS).filter((name) => !SERVERS[name].onRequest);
  const all = new Set(only ? split(only) : [...usual, ...split(more)]);
  const unknown = [...all].filter((name) => !SERVERS[name]);
  if (unknown.length > 0)
    giveUp(`Expected servers out of ${Object.keys(SERVERS).join(', ')}, got ${unknown.join(', ')}`);
  return [...all];
}

/** Each running server left a file named by its process group; a test that was interrupted did not end its own. */
function endLeftovers() {
  for (const group of readdirSync(running)) {
    try {
      process.kill(-Number(group), 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  }
  rmSync(running, { recursive: true });
}
