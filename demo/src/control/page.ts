/** What the control server tells a person. */
import type { Demo } from '../types';

export function controlText(demo: Pick<Demo, 'scenarios' | 'controlUrl'>): string {
  const rows = demo
    .scenarios()
    .map(
      ({ name, on, model, description }) => `${on ? 'on ' : 'off'}  ${name.padEnd(15)} ${model}\n     ${description}\n`
    );
  return [
    'Modelwatch demo: scenarios of the simulated fleet\n',
    ...rows,
    `Switch one: modelwatch demo scenario outage on\n`,
    `or: curl -X PUT -d '{"on":true}' ${demo.controlUrl}/scenarios/outage\n`,
  ].join('\n');
}
