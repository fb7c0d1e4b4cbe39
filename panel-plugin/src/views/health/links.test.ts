/** @jest-environment jsdom */
import { FieldType, type Field, type ScopedVars } from '@grafana/data';
import { decodeOptions, DEFAULT_OPTIONS } from '../../options';
import type { ModelView } from '../../model/types';
import { linksFor } from './links';

const MODEL: ModelView = {
  key: 'k',
  cluster: '',
  namespace: 'pay & ments',
  name: 'fraud/"v2"',
  basis: 'health',
  health: 'failed',
  reason: '',
  shortReason: '',
  channels: [],
  history: [],
};

/** As Grafana does it, for the one format that is asked for. */
const replace = (text: string, scoped?: ScopedVars) =>
  text.replace(/\$\{(\w+):percentencode\}/g, (_, name: string) => encodeURIComponent(String(scoped?.[name]?.value)));

it('fills the identity into the address, encoded', () => {
  const [link] = linksFor(MODEL, '/d/m?var-namespace=${namespace}&var-model=${model}', replace);
  expect(link).toEqual({
    title: 'Model dashboard',
    href: '/d/m?var-namespace=pay%20%26%20ments&var-model=fraud%2F%22v2%22',
  });
});

it('puts the data links of the field after it, and drops an address that would run a script', () => {
  const field: Field = {
    name: 'health',
    type: FieldType.string,
    config: {},
    values: ['failed'],
    getLinks: ({ valueRowIndex }) => [
      { title: `Runbook ${valueRowIndex}`, href: 'https://example.org/', target: '_blank', origin: field },
      { title: 'Evil', href: 'javascript:alert(1)', target: undefined, origin: field },
    ],
  };
  const links = linksFor({ ...MODEL, origin: { field, rowIndex: 0 } }, 'javascript:alert(1)', replace);
  expect(links).toEqual([{ title: 'Runbook 0', href: 'https://example.org/', target: '_blank' }]);
});

it("keeps one link of a name, the panel's own before that of the field", () => {
  const field: Field = { name: 'health', type: FieldType.string, config: {}, values: ['failed'] };
  field.getLinks = () => [{ title: 'Model dashboard', href: '/d/m?var-model=', target: undefined, origin: field }];
  const links = linksFor({ ...MODEL, origin: { field, rowIndex: 0 } }, '/d/m?var-namespace=${namespace}', replace);
  expect(links.map(({ href }) => href)).toEqual(['/d/m?var-namespace=pay%20%26%20ments']);
});

it('reads stored options that are missing, old or wrong as the defaults', () => {
  expect(decodeOptions({})).toEqual(DEFAULT_OPTIONS);
  expect(decodeOptions({ mode: 'pie', staleAfterSeconds: -1, modelDashboard: 7 })).toEqual(DEFAULT_OPTIONS);
  expect(decodeOptions({ mode: 'table', staleAfterSeconds: 60, modelDashboard: '/x' })).toEqual({
    ...DEFAULT_OPTIONS,
    mode: 'table',
    staleAfterSeconds: 60,
    modelDashboard: '/x',
  });
});
