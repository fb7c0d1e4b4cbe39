/** The workbench and a real Chromium on it, for tests and measurements. */
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { startProgram, until } from './processes';

const ROOT = join(__dirname, '..', '..');
const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export interface Workbench {
  /** Without a slash at its end. */
  readonly url: string;
  readonly browser: Browser;
  stop(): Promise<void>;
}

/**
 * Bundles the panel, serves it on a free port and starts a browser.
 * @param args of `npm run workbench`, besides the port
 * @throws Error with what the workbench has printed, when it does not come up
 */
export async function startWorkbench(args: readonly string[] = []): Promise<Workbench> {
  const program = startProgram(process.execPath, [join(ROOT, 'scripts/workbench.mjs'), '--port', '0', ...args]);
  let running = true;
  void program.ended.then(() => (running = false));
  try {
    const url = await until(
      'workbench',
      () => {
        const found = /Workbench on (http:\/\/\S+?)\/?\s/.exec(program.output())?.[1];
        return Promise.resolve(found ?? (running ? undefined : `ended: ${program.output()}`));
      },
      (answer) => answer !== undefined,
      60_000
    );
    if (!url?.startsWith('http')) throw new Error(`the workbench does not start: ${program.output()}`);
    const browser = await chromium.launch({ executablePath: await chromiumPath(), args: CHROMIUM_FLAGS });
    return {
      url,
      browser,
      stop: async () => {
        await browser.close();
        await program.stop();
      },
    };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** The same search as that of the set-up: `chromium` or one of its other names on PATH. */
async function chromiumPath(): Promise<string> {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  for (const name of names) {
    const found = startProgram('which', [name]);
    if ((await found.ended) === 0) return found.output().trim();
  }
  throw new Error(`no browser on PATH: expected one of ${names.join(', ')}`);
}
