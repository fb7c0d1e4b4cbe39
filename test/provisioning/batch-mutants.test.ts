/** The vectors of batches are worth what they catch: each change of a rule below must make one of them fail. */
import { buildDriftRules, renderGroups } from '../../exporter/src/rules';
import { testRules } from '../support/promtool';
import { BATCH_INTERVAL_SECONDS, BATCH_VECTORS, ONE_CAUSE } from './vectors/batches';

const SECONDS = BATCH_INTERVAL_SECONDS;
const OPTIONS = { intervalSeconds: SECONDS, driftIntervalSeconds: SECONDS, slowIntervalSeconds: SECONDS };
const RULES = renderGroups('prometheus', buildDriftRules(OPTIONS, ['1h']), OPTIONS);

it.each([
  [
    'resolve by silence',
    'an alert is not resolved by a batch without a verdict',
    /\(modelwatch:batches_last_verdict_timestamp_seconds and on \([a-z, ]+\) modelwatch:batch_settings_info/,
    '(modelwatch:batches_last_verdict_timestamp_seconds and on () absent(vector(1))',
  ],
  ['hold for ever', 'an alert on a batch is held', / <= on (\([a-z, ]+\)) \(max by/g, ' != on $1 - (max by'],
  [
    'remember what was forgotten',
    'who forgets the batch that drifted',
    /(batch_settings_info) unless on \([a-z, ]+\) modelwatch_batch_info\{state="forgotten"\}\)/,
    '$1)',
  ],
  [
    'call fewer batches than were failing critical',
    'a verdict for each of the last batches',
    />= on (\([a-z, ]+\)) modelwatch:batch_failing_limit/,
    '< on $1 modelwatch:batch_failing_limit',
  ],
  [
    'let verdicts end with their exporter',
    'the verdict on a closed batch outlives',
    /batch_state\{state=~"critical\|warning\|ok"\}/,
    'batch_state{state="none"}',
  ],
  [
    'miss counters that began anew',
    'an exporter that began anew within a batch',
    /resets\(modelwatch_batch_predictions_total\[1d\]\) > 0/,
    'resets(modelwatch_batch_predictions_total[1d]) > 9',
  ],
  ['believe in rows that never came', 'an exporter that began anew within a batch', /0\.95 \* max by/, '0 * max by'],
  [
    'be ok without room',
    'batches whose features had no room',
    /modelwatch_batch_series_refused > 0/,
    'modelwatch_batch_series_refused > 1e9',
  ],
  [
    'keep what was forgotten',
    'what is forgotten is gone',
    / unless on (\([a-z, ]+\)) modelwatch_batch_info\{state="forgotten"\}/g,
    '',
  ],
  [
    'never miss a batch',
    'no news is stale',
    /time\(\) - max by \(cluster, namespace, model\) \(modelwatch:batch_opened/g,
    '0 * max by (cluster, namespace, model) (modelwatch:batch_opened',
  ],
  [
    'alert twice for one cause',
    'one cause is one alert',
    / unless on \([a-z, ]+\) \(modelwatch:batches_last_verdict/g,
    ' unless on (model) (0 > modelwatch:batches_last_verdict',
  ],
])(
  'vectors of batches notice rules that %s: %s',
  (_what, noticedBy, from, to) => {
    const vector = [...BATCH_VECTORS, ...ONE_CAUSE].find(({ name }) => name.startsWith(noticedBy));
    if (!vector) throw new Error(`${noticedBy}: expected the beginning of the name of a vector`);
    const mutant = RULES.replace(from, to);
    expect(mutant).not.toBe(RULES);
    const { output } = testRules(mutant, [vector], SECONDS);
    // A mutant that is no rule at all would prove nothing.
    expect(output).not.toContain('parse error');
    expect(output).toContain('FAILED');
  },
  60_000
);
