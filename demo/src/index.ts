export * from './types';
export { startDemo } from './start';
export { DEMO_PORTS, DEMO_USAGE, parseDemoArguments, runDemoProgram, runScenarioCommand, UsageError } from './program';
