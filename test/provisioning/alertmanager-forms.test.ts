/** The configuration of Alertmanager in its forms: the one of `npm start`, the example, and the example for the Prometheus Operator. */
import { ALERTS } from '@modelwatch/contract';
import { parse, stringify } from 'yaml';
import { readProvisioning } from '../support/expressions';
import { runOnFiles } from '../support/promtool';

type Fields = Readonly<Record<string, unknown>>;
interface Form {
  readonly route: Fields;
  readonly receivers: readonly Fields[];
  readonly inhibit_rules: readonly {
    readonly source_matchers: readonly string[];
    readonly target_matchers: readonly string[];
    readonly equal: readonly string[];
  }[];
}
type OperatorMatcher = Readonly<Record<'name' | 'matchType' | 'value', string>>;

const form = (path: string) => parse(readProvisioning(`alertmanager/${path}`)) as Form;
const SHIPPED = form('alertmanager.yml');
const EXAMPLE = form('examples/alertmanager.yml');

const isMatcher = (value: unknown): value is OperatorMatcher =>
  typeof value === 'object' && value !== null && 'matchType' in value;
const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the operator makes of its manifest, but for the prefix of names and the matcher of the namespace. */
function ofOperator(value: unknown): unknown {
  if (isMatcher(value)) return `${value.name}${value.matchType}"${value.value}"`;
  if (Array.isArray(value)) return value.map(ofOperator);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [snake(key), ofOperator(inner)]));
}
const MANIFEST = parse(readProvisioning('kubernetes/alertmanager/alertmanagerconfig.yaml')) as {
  spec: { inhibitRules: { sourceMatch: unknown; targetMatch: unknown; equal: unknown }[] };
};
const OPERATOR = ofOperator({
  ...MANIFEST.spec,
  inhibitRules: MANIFEST.spec.inhibitRules.map(({ sourceMatch, targetMatch, equal }) => ({
    ...{ sourceMatchers: sourceMatch, targetMatchers: targetMatch, equal },
  })),
}) as Form & { readonly mute_time_intervals: readonly Fields[] };

it('is accepted by Alertmanager', () => {
  const checked = runOnFiles('amtool', ['check-config', 'alertmanager.yml'], {
    'alertmanager.yml': readProvisioning('alertmanager/alertmanager.yml'),
  });
  expect(checked.output).toContain('SUCCESS');
});

it('keeps the same back in every form', () => {
  expect(EXAMPLE.inhibit_rules).toEqual(SHIPPED.inhibit_rules);
  const named = [...stringify(SHIPPED.inhibit_rules).matchAll(/Modelwatch\(?([\w|]+)/g)].flatMap(([, names = '']) =>
    names.split('|')
  );
  const known = Object.values(ALERTS).map((name) => name.replace('Modelwatch', ''));
  expect(named.filter((name) => !known.some((one) => one === name))).toEqual([]);
  // What is of a whole cluster is no matter of a namespace, and Grafana's copies come on another way.
  expect(OPERATOR.inhibit_rules).toEqual(
    SHIPPED.inhibit_rules.filter(({ equal }) => equal.includes('namespace') && !equal.includes('instance'))
  );
});

it('tells the same people by the operator as by the example', () => {
  expect(OPERATOR.route).toEqual(EXAMPLE.route);
  /** Each with what it speaks, and to whom. */
  const reached = ({ receivers }: Form) =>
    receivers.map(({ name, ...kinds }) => ({
      name,
      ways: Object.entries(kinds).map(([kind, all]) => [
        kind,
        ...(all as Fields[]).map(({ channel, to, url, send_resolved: over }) => ({ channel, to, url, over })),
      ]),
    }));
  expect(reached(OPERATOR)).toEqual(reached(EXAMPLE));
  expect(OPERATOR.mute_time_intervals).toEqual([
    { name: 'digest', time_intervals: [{ times: [{ start_time: '08:00', end_time: '08:30' }] }] },
  ]);
});
