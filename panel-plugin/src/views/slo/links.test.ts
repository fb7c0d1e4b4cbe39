/** @jest-environment jsdom */
import type { ScopedVars } from '@grafana/data';
import { config, getDataSourceSrv } from '@grafana/runtime';
import type { Slo } from '../../model/slo/types';
import { linksFor } from './links';

jest.mock('@grafana/runtime', () => ({
  config: { appSubUrl: '/grafana', bootData: { user: { orgRole: 'Editor' } } },
  getDataSourceSrv: jest.fn(),
}));

const SLO: Slo = {
  ...{ key: 'k', cluster: '', namespace: 'pay', name: 'risk', isPipeline: false, slo: 'p99 & more' },
  ...{ verdict: 'page', mark: 'failed' },
};
const ADDRESSES = {
  modelDashboard: '/d/m?var-model=${model}',
  objectiveDashboard: '',
  runbook: 'https://wiki.example/${alert}',
};
const replace = (text: string, scoped?: ScopedVars) =>
  text.replace(/\$\{(\w+):percentencode\}/g, (_, name: string) => encodeURIComponent(String(scoped?.[name]?.value)));
const alertmanagers = (...names: string[]) =>
  jest.mocked(getDataSourceSrv).mockReturnValue({
    // As Grafana 12.4: its own is left out only where a plugin is named.
    getList: ({ pluginId }: { pluginId?: string }) =>
      [...names, ...(pluginId === undefined ? ['-- Grafana --'] : [])].map((name) => ({ name })),
  } as never);
const links = (one: Slo) => linksFor(one, ADDRESSES, replace).map(({ title, href }) => `${title} ${href}`);
const SILENCE = '/grafana/alerting/silence/new?alertmanager=main+one&matcher=namespace%3Dpay';

it('leads to the model, to the runbook of the alert that holds, and to a silence of this objective alone', () => {
  alertmanagers('main one');
  expect(links(SLO)).toEqual([
    'Model /d/m?var-model=risk',
    'Runbook https://wiki.example/ModelwatchSLOFastBurn',
    `Silence ${SILENCE}&matcher=model%3Drisk&matcher=slo%3Dp99+%26+more`,
  ]);
  expect(links({ ...SLO, isPipeline: true, verdict: 'stale' })).toEqual([
    'Runbook https://wiki.example/ModelwatchSLONoData',
    `Silence ${SILENCE}&matcher=pipeline%3Drisk&matcher=slo%3Dp99+%26+more`,
  ]);
});

it('leads to a pipeline where the address says where its name goes', () => {
  alertmanagers();
  const addresses = { ...ADDRESSES, modelDashboard: '/d/slo?var-model=${model}${pipeline}&var-slo=${slo}' };
  const first = (one: Slo) => linksFor(one, addresses, replace)[0];
  expect(first({ ...SLO, isPipeline: true })).toMatchObject({
    title: 'Pipeline',
    href: '/d/slo?var-model=risk&var-slo=p99%20%26%20more',
  });
  expect(first(SLO)).toMatchObject({ title: 'Model', href: '/d/slo?var-model=risk&var-slo=p99%20%26%20more' });
});

it('leads to the objective before its model, and to none of a pipeline that the address has no place for', () => {
  alertmanagers();
  const addresses = { ...ADDRESSES, objectiveDashboard: '/d/s?var-slo=${slo}' };
  const hrefs = (one: Slo) => linksFor(one, addresses, replace).map(({ title, href }) => `${title} ${href}`);
  const met = { ...SLO, verdict: 'met' } as const;
  expect(hrefs(met)).toEqual(['SLO detail /d/s?var-slo=p99%20%26%20more', 'Model /d/m?var-model=risk']);
  expect(hrefs({ ...met, isPipeline: true })).toEqual([]);
});

it('offers neither where nothing is to be silenced, or the answer is too old to tell', () => {
  alertmanagers('main one');
  expect(links({ ...SLO, verdict: 'met' })).toEqual(['Model /d/m?var-model=risk']);
  expect(links({ ...SLO, verdict: 'stale', previous: 'met' })).toEqual(['Model /d/m?var-model=risk']);
});

it('offers no silence where it might go to another Alertmanager, or to who may not', () => {
  const titles = () => linksFor(SLO, ADDRESSES, replace).map(({ title }) => title);
  alertmanagers();
  expect(titles()).toEqual(['Model', 'Runbook']);
  alertmanagers('one', 'two');
  expect(titles()).toEqual(['Model', 'Runbook']);
  alertmanagers('one');
  config.bootData.user.orgRole = 'Viewer' as never;
  expect(titles()).toEqual(['Model', 'Runbook']);
});
