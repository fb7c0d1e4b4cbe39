/** The vectors of the alert on batches are worth what they catch: each change of a rule below must make one of them fail. */
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
