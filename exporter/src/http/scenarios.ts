/** The demo's scenarios for the landing page: read from its control address when the page is written. */
import { decode } from '@modelwatch/contract';

export interface Scenario {
  readonly name: string;
  readonly on: boolean;
  readonly description: string;
  readonly model: string;
}

export interface ScenarioReader {
  /** Where the browser posts a switch to, as form field `on` = `true` or `false`. */
  readonly switchUrl: (scenario: Scenario) => string;
  /** Origin that forms of the page may post to. */
  readonly origin: string;
  /** `undefined` when the demo does not answer. */
  read(): Promise<readonly Scenario[] | undefined>;
}

const decodeScenarios = decode.array(
  decode.object({ name: decode.string, on: decode.boolean, description: decode.string, model: decode.string })
);

export function createScenarioReader(baseUrl: string, fetchFunction: typeof fetch): ScenarioReader {
  const base = baseUrl.replace(/\/+$/, '');
  return {
    origin: new URL(base).origin,
    switchUrl: ({ name }) => `${base}/scenarios/${encodeURIComponent(name)}`,
    read: async () => {
      try {
        const response = await fetchFunction(`${base}/scenarios`, {
          headers: { Accept: 'application/json' },
          signal: AbortSignal.timeout(1000),
        });
        return decodeScenarios(await response.json());
      } catch {
        return undefined;
      }
    },
  };
}
