export * from './types';
export { dependenciesAt } from './fleet/dependencies';
export { SLOW_MODELS } from './fleet/default-models';
export { OBJECTIVES } from './fleet/objectives';
export { startDemo } from './start';
export { DEMO_PORTS, DEMO_USAGE, parseDemoArguments, runDemoProgram, runScenarioCommand, UsageError } from './program';
