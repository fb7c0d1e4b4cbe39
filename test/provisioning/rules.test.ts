import { OPTIONAL_PARTS, renderRules } from '../../exporter/src/rules';
import { runOnFiles, testRules } from '../support/promtool';
import {
  ALERT_VECTORS,
  HEALTH_VECTORS,
  INFERENCE_VECTORS,
  INTERVAL_SECONDS,
  SHARD_ALERT_VECTORS,
  SHARD_VECTORS,
  MEASURE_VECTORS,
  TRAFFIC_VECTORS,
  UPTIME_VECTORS,
} from './vectors';

const RULES = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS });
/** What these vectors do not read costs them time. */
const READ = renderRules('prometheus', { intervalSeconds: INTERVAL_SECONDS, without: OPTIONAL_PARTS });
const ALL = [
  ...MEASURE_VECTORS,
  ...TRAFFIC_VECTORS,
  ...HEALTH_VECTORS,
  ...INFERENCE_VECTORS,
  ...ALERT_VECTORS,
  ...SHARD_VECTORS,
  ...SHARD_ALERT_VECTORS,
  ...UPTIME_VECTORS,
];

describe('rules in promtool', () => {
  it('are accepted', () => {
    const checked = runOnFiles('promtool', ['check', 'rules', 'rules.yml'], { 'rules.yml': RULES });
    expect(checked.output).toContain('SUCCESS');
    expect(checked.ok).toBe(true);
  });

  it.each(ALL.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    expect(testRules(READ, [vector], INTERVAL_SECONDS).output).toContain('SUCCESS');
  });
});
