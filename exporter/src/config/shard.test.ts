import { ConfigError, loadConfig } from './load';
import { placeOf } from './shard';

const flags = (given: Record<string, string>) =>
  loadConfig({ env: {}, flags: Object.fromEntries(Object.entries(given).map(([flag, value]) => [flag, [value]])) })
    .config;

function problemsOf(given: Record<string, string>): readonly string[] {
  try {
    flags(given);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)];
  }
}

describe('which shard', () => {
  it('is the first of one by default, whatever the host is called', () => {
    expect(placeOf(flags({}), 'modelwatch-7')).toEqual({ shard: 0, totalShards: 1 });
  });

  it('is what the flags say', () => {
    expect(placeOf(flags({ shard: '2', 'total-shards': '3' }), 'modelwatch-1')).toEqual({ shard: 2, totalShards: 3 });
  });

  it.each(['modelwatch-1', 'modelwatch-1.modelwatch.monitoring.svc'])('is in the host name %s', (hostname) => {
    expect(placeOf(flags({ 'total-shards': '3' }), hostname)).toEqual({ shard: 1, totalShards: 3 });
  });

  it('is not guessed', () => {
    const config = flags({ 'total-shards': '3' });
    expect(() => placeOf(config, 'laptop')).toThrow(
      'shard: expected a number from 0 to 2, or a host name that ends in one, got host name "laptop"; set --shard'
    );
    expect(() => placeOf(config, 'modelwatch-3')).toThrow(
      'totalShards: expected more than 3, the number at the end of the host name "modelwatch-3", got 3'
    );
  });

  it.each([
    [
      { shard: '3', 'total-shards': '3' },
      'shard: expected a number below totalShards, since shards count from 0, got 3',
    ],
    [{ shard: '1' }, 'shard: expected a number below totalShards, since shards count from 0, got 1'],
    [
      { 'total-shards': '3', 'events.joins.directory': '/data' },
      'events.joins.directory: expected none while totalShards is above 1, since predictions meet their actuals in one exporter, got "/data"',
    ],
    [{ 'total-shards': '0' }, 'totalShards: expected a whole number from 1 to 1000, got 0'],
    [
      { 'shard-peers': 'http://modelwatch:8780' },
      'shardPeers: expected an http:// or https:// URL with {shard} where the number of a shard belongs, got',
    ],
    [{ 'shard-peers': 'modelwatch-{shard}' }, 'shardPeers: expected an http:// or https:// URL with {shard}'],
  ])('refuses %j', (given, problem) => {
    expect(problemsOf(given)).toEqual([expect.stringContaining(problem)]);
  });
});
