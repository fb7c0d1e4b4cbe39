/** The workbench and a real Chromium on it, for tests and measurements. */
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
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

/** One page of the workbench for all tests of a file. */
export interface StatesPage {
  readonly page: Page;
  /** Shows what the query says, from the beginning: nothing of what was shown or pointed at before is left. */
  open(query: string): Promise<void>;
  /** Errors that nothing in the page has caught since they were last asked for. */
  broken(): string[];
}

/** Loads the workbench once: a page that loads it for each state takes a second and a half more of a core. */
export async function openStates({ url, browser }: Workbench, width: number, height: number): Promise<StatesPage> {
  const page = await browser.newPage({ viewport: { width, height } });
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  const open = async (query: string) => {
    // Else the card of what is now below the pointer opens.
    await page.mouse.move(0, 0);
    // A test may have followed a link.
    if (!page.url().startsWith(`${url}/?`)) return void (await page.goto(`${url}/?${query}`));
    await page.evaluate(async (search) => {
      const before = document.querySelector('main');
      history.replaceState(null, '', `/?${search}`);
      dispatchEvent(new PopStateEvent('popstate'));
      const isNew = () => ![null, before].includes(document.querySelector('main'));
      while (!isNew()) await new Promise((resolve) => setTimeout(resolve));
      // Effects draw canvases and measure: they have run by the next frame.
      await new Promise(requestAnimationFrame);
    }, query);
  };
  return { page, open, broken: () => errors.splice(0) };
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
