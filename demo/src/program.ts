/** `modelwatch demo` and `modelwatch demo scenario`: the simulated fleet as a program. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CHAT_MODEL, chatTraining, DATA_MODELS, trainingCsv } from './data';
import { startDemo } from './start';
import { DEMO_MODELS, SCENARIOS, type Demo, type DemoOptions } from './types';

/** Where the program puts its two ports unless told otherwise; `scenario` looks for the second. */
export const DEMO_PORTS = { api: 8781, control: 8782 } as const;

export const DEMO_USAGE = `modelwatch demo [--models N] [--seed N] [--api-port PORT] [--control-port PORT] [--token TOKEN] [--events-url URL]
modelwatch demo training-data NAMESPACE/MODEL [--rows N] [--seed N]
modelwatch demo scenario ${SCENARIOS.join('|')} on|off [--control-url URL]`;

/** A wrong argument; its message is for the person who typed it. */
export class UsageError extends Error {}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${flag}: ${JSON.stringify(text)}: expected a whole number`);
  return Number(text);
}

/** @throws UsageError naming the argument, its value and what was expected. */
export function parseDemoArguments(argv: readonly string[]): DemoOptions {
  const { values } = parse(argv, {
    models: { type: 'string', default: String(DEMO_MODELS) },
    seed: { type: 'string', default: '1' },
    'api-port': { type: 'string', default: String(DEMO_PORTS.api) },
    'control-port': { type: 'string', default: String(DEMO_PORTS.control) },
    token: { type: 'string' },
    'events-url': { type: 'string' },
  });
  const { token, 'events-url': eventsUrl } = values;
  if (typeof eventsUrl === 'string' && !URL.canParse(eventsUrl)) {
    throw new UsageError(`--events-url: ${JSON.stringify(eventsUrl)}: expected a URL`);
  }
  return {
    models: wholeNumber('--models', String(values.models)),
    seed: wholeNumber('--seed', String(values.seed)),
    apiPort: wholeNumber('--api-port', String(values['api-port'])),
    controlPort: wholeNumber('--control-port', String(values['control-port'])),
    ...(typeof token === 'string' ? { token } : {}),
    ...(typeof eventsUrl === 'string' ? { eventsUrl: eventsUrl.replace(/\/$/, '') } : {}),
  };
}

function parse(argv: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${DEMO_USAGE}`);
  }
}

/**
 * Runs the fleet until SIGINT or SIGTERM.
 * @throws UsageError for wrong arguments; the listener's error when a port is taken.
 */
export async function runDemoProgram(argv: string[]): Promise<void> {
  if (argv[0] === 'scenario') return runScenarioCommand(argv.slice(1));
  if (argv[0] === 'training-data') return runTrainingDataCommand(argv.slice(1));
  const demo = await startDemo({ ...parseDemoArguments(argv), schedulers: true });
  console.log(describe(demo));
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await demo.stop();
}

function describe(demo: Demo): string {
  const count = (kind: string) => demo.api.list(kind).length;
  const models = count('Model') + count('InferenceService') + count('LLMInferenceService') + demo.standalone.length;
  const rows = [
    ['Kubernetes API', demo.api.url],
    ['scenarios', demo.controlUrl],
    ...demo.standalone.map(({ name, url, metricsUrl, models: names }) => [
      `${name} (${names.join(', ')})`,
      `${url}, metrics ${metricsUrl}`,
    ]),
    ...demo.schedulers().map(({ namespace, url }) => [`scheduler of ${namespace}`, url]),
  ];
  const width = Math.max(...rows.map(([title = '']) => title.length));
  const table = rows.map(([title = '', where = '']) => `  ${title.padEnd(width)}  ${where}`).join('\n');
  return `Simulated fleet of ${models} models, ${count('Pod')} pods\n${table}\nCtrl-C ends it.`;
}

const TABLE_ROWS = 20_000;
/** Texts take longer to look at. */
const CHAT_ROWS = 5_000;

/** Prints the data that a model of the demo was trained on, as CSV; of a chat as JSON lines. @throws UsageError */
async function runTrainingDataCommand(argv: string[]): Promise<void> {
  const { values, positionals } = parse(argv, {
    rows: { type: 'string' },
    seed: { type: 'string', default: '1' },
  });
  const [name, ...rest] = positionals;
  const nameOf = (each: { readonly namespace: string; readonly model: string }) => `${each.namespace}/${each.model}`;
  const model = [...DATA_MODELS, CHAT_MODEL].find((each) => nameOf(each) === name);
  if (model === undefined || rest.length > 0) {
    const known = [...DATA_MODELS, CHAT_MODEL].map(nameOf).join(', ');
    throw new UsageError(`training-data ${positionals.join(' ')}: expected one of ${known}`);
  }
  const rows = wholeNumber('--rows', String(values.rows ?? ('row' in model ? TABLE_ROWS : CHAT_ROWS)));
  const seed = wholeNumber('--seed', String(values.seed));
  const data = 'row' in model ? trainingCsv(model, rows, seed) : chatTraining(rows, seed);
  await new Promise<void>((resolve) => process.stdout.write(data, () => resolve()));
}

/**
 * `outage on`: switches a scenario of a demo that runs. Without arguments it says which are on.
 * @throws UsageError for wrong arguments; Error when no demo answers.
 */
export async function runScenarioCommand(argv: string[]): Promise<void> {
  const { values, positionals } = parse(argv, {
    'control-url': { type: 'string', default: `http://127.0.0.1:${DEMO_PORTS.control}` },
  });
  const base = String(values['control-url']).replace(/\/$/, '');
  if (!URL.canParse(base)) throw new UsageError(`--control-url: ${JSON.stringify(base)}: expected a URL`);
  const [name, state, ...rest] = positionals;
  if (name === undefined) {
    console.log(await call(`${base}/`));
    return;
  }
  if (!SCENARIOS.some((scenario) => scenario === name)) {
    throw new UsageError(`scenario ${JSON.stringify(name)}: expected one of ${SCENARIOS.join(', ')}`);
  }
  if ((state !== 'on' && state !== 'off') || rest.length > 0) {
    throw new UsageError(`scenario ${name}: ${JSON.stringify([state, ...rest].join(' '))}: expected on or off`);
  }
  await call(`${base}/scenarios/${name}`, { method: 'PUT', body: JSON.stringify({ on: state === 'on' }) });
  console.log(`${name} is ${state}`);
}

async function call(url: string, init: RequestInit = {}): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) });
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${url}: no demo answers (${why}). Start one with "modelwatch demo", or give --control-url.`);
  }
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}: ${text.slice(0, 300)}`);
  return text;
}
