import { conditionViews } from '../domain/conditions';
import { serverRows } from './server';
import { worstOfEach } from './entity';
import type { ServerView } from '../domain/views';
import type { ConditionStatus } from '@modelwatch/contract';

type Told = readonly [type: string, status: ConditionStatus];
const views = (...told: readonly Told[]) =>
  conditionViews({ conditions: told.map(([type, status]) => ({ type, status })) });
const shown = (...told: readonly Told[]) =>
  worstOfEach({ conditions: views(...told) }).map(({ condition, status }) => `${condition}=${status}`);

it.each<[string, readonly Told[], readonly string[]]>([
  [
    'names what Deployments have',
    [
      ['ReplicaFailure', 'True'],
      ['Available', 'False'],
    ],
    ['ReplicaFailure=True', 'Available=False'],
  ],
  [
    'takes the worst of one name',
    [
      ['Available', 'True'],
      ['Available', 'False'],
    ],
    ['Available=False'],
  ],
  [
    'takes the worst of one that is bad when True',
    [
      ['ReplicaFailure', 'False'],
      ['ReplicaFailure', 'True'],
    ],
    ['ReplicaFailure=True'],
  ],
  [
    'puts Unknown between',
    [
      ['ReplicaFailure', 'Unknown'],
      ['ReplicaFailure', 'False'],
    ],
    ['ReplicaFailure=Unknown'],
  ],
  [
    'shows new names that say that something is ready as other',
    [
      ['NewReady', 'True'],
      ['LaterReady', 'False'],
    ],
    ['other=False'],
  ],
  [
    'shows no status that nobody can read',
    [
      ['QuotaExceeded', 'True'],
      ['NewReady', 'True'],
    ],
    ['other=True'],
  ],
  ['shows nothing rather than a guess', [['QuotaExceeded', 'False']], []],
])('%s', (_, told, expected) => {
  expect(shown(...told)).toEqual(expected);
});

it('keeps what it does not show for the read API', () => {
  expect(views(['QuotaExceeded', 'True'])).toEqual([
    { condition: 'other', status: 'True', unclear: true, message: 'QuotaExceeded' },
  ]);
});

it('writes the failure of a Deployment to make pods as bad news', () => {
  const view = {
    namespace: 'shop',
    name: 's',
    conditions: views(['ReplicaFailure', 'True']),
    verdict: { state: 'failed', reasons: [] },
    capabilities: [],
    replicas: {},
  };
  const text = serverRows
    .map(({ family, render }) => (family.name.endsWith('_condition') ? render(view as unknown as ServerView) : ''))
    .join('');
  expect(text).toContain(
    'modelwatch_server_condition{namespace="shop",server="s",condition="ReplicaFailure",status="True"} 1'
  );
  expect(text).not.toContain('other');
});
