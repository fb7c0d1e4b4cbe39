import { ConfigError } from './config/load';
import { configSchema, type Config } from './config/schema';
import { createReloader } from './reload';
import type { NextWatch } from './watches';

const withNamespaces = (...namespaces: string[]): Config => configSchema.parse({ kubernetes: { namespaces } });

/** A reloader whose file says what `read` gives, and whose new sources sync when the test says so. */
function reloaderOf(read: () => Config) {
  const successes: boolean[] = [];
  const applied: Config[] = [];
  const waiting: NextWatch[] = [];
  const reloader = createReloader({
    load: () => ({ config: read(), hash: '', ignoredVariables: [] }),
    first: withNamespaces(),
    reloadWeb: () => [],
    watches: { replace: (next) => void waiting.push(next), cancel: () => Promise.resolve() },
    startWatch: () => () => {
      throw new Error('no watch is started here');
    },
    apply: (config) => void applied.push(config),
    metrics: {
      inForce: () => undefined,
      started: () => undefined,
      reloaded: (_, succeeded) => void successes.push(succeeded),
      pending: () => undefined,
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    nowSeconds: () => 0,
  });
  return { reloader, successes, applied, sync: () => waiting.at(-1)?.onTakeOver() };
}

describe('reading the configuration again', () => {
  const refuse = (): Config => {
    throw new ConfigError(['web.port: expected a number']);
  };

  it('is a success when what was read is in force', () => {
    const { reloader, successes, applied, sync } = reloaderOf(() => withNamespaces('payments'));
    expect(reloader.reload()).toMatchObject({ result: 'pending' });
    expect(successes).toEqual([]);
    sync();
    expect(successes).toEqual([true]);
    expect(applied).toEqual([withNamespaces('payments')]);
  });

  it('stays a failure when the file was refused meanwhile, though the one before it takes over', () => {
    let read = () => withNamespaces('payments');
    const { reloader, successes, applied, sync } = reloaderOf(() => read());
    reloader.reload();
    read = refuse;
    expect(reloader.reload()).toMatchObject({ result: 'refused' });
    sync();
    expect(applied).toEqual([withNamespaces('payments')]);
    expect(successes).toEqual([false]);
  });

  it('is a success again when the file is mended before the one that waits takes over', () => {
    let read = () => withNamespaces('payments');
    const { reloader, successes, sync } = reloaderOf(() => read());
    reloader.reload();
    read = refuse;
    reloader.reload();
    read = () => withNamespaces('payments');
    reloader.reload();
    sync();
    expect(successes).toEqual([false, true]);
  });
});
