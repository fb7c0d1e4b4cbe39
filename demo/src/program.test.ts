import { parseDemoArguments, runDemoProgram, runScenarioCommand } from './program';
import { startDemo } from './start';
import { DEMO_MODELS } from './types';

describe('parseDemoArguments', () => {
  it('has a default for everything', () => {
    expect(parseDemoArguments([])).toEqual({ models: DEMO_MODELS, seed: 1, apiPort: 8781, controlPort: 8782 });
  });

  it('takes every flag', () => {
    const argv = ['--models', '200', '--seed=9', '--api-port', '0', '--control-port', '0', '--token', 'secret'];
    expect(parseDemoArguments(argv)).toEqual({ models: 200, seed: 9, apiPort: 0, controlPort: 0, token: 'secret' });
  });

  it.each([
    [['--models', 'many'], '--models: "many": expected a whole number'],
    [['--speed', '3'], '--speed'],
  ])('refuses %p', (argv, words) => {
    expect(() => parseDemoArguments(argv)).toThrow(words);
  });
});

describe('runDemoProgram', () => {
  it('says where everything listens, with the scheduler of each Seldon runtime, and ends on SIGTERM', async () => {
    const log = jest.spyOn(console, 'log');
    const said = new Promise<string>((resolve) => log.mockImplementation(resolve));
    const running = runDemoProgram(['--api-port', '0', '--control-port', '0']);
    try {
      const [, control] = /scenarios +(\S+)/.exec(await said) ?? [];
      const { schedulers } = (await (await fetch(`${control}/info`)).json()) as { schedulers: readonly object[] };
      const url: unknown = expect.stringMatching(/^grpc:/);
      expect(schedulers).toEqual(
        ['payments', 'growth', 'support', 'logistics'].map((namespace) => ({ namespace, url }))
      );
    } finally {
      process.emit('SIGTERM');
      await running;
      log.mockRestore();
    }
  });
});

describe('runScenarioCommand', () => {
  it('switches a demo that runs', async () => {
    const demo = await startDemo();
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await runScenarioCommand(['outage', 'on', '--control-url', demo.controlUrl]);
      expect(demo.scenarios().find((scenario) => scenario.name === 'outage')?.on).toBe(true);
      expect(log).toHaveBeenCalledWith('outage is on');
    } finally {
      log.mockRestore();
      await demo.stop();
    }
  });

  it.each([
    [['flood', 'on'], 'scenario "flood": expected one of outage'],
    [['outage', 'up'], 'scenario outage: "up": expected on or off'],
    [['outage', 'on', '--control-url', 'http://127.0.0.1:1'], 'no demo answers'],
  ])('refuses %p', async (argv, words) => {
    await expect(runScenarioCommand(argv)).rejects.toThrow(words);
  });
});
