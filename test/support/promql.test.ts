import { promqlProblems, readPromql } from './promql';

describe('promql reader', () => {
  it('finds names, matchers and groupings', () => {
    const query = readPromql(
      'sum by (cluster, model) (rate(modelwatch_inference_requests_total{outcome="success", model=~"$model"}[$__rate_interval]))'
    );
    expect(query.errors).toEqual([]);
    expect(query.selectors).toEqual([
      {
        metric: 'modelwatch_inference_requests_total',
        matchers: [
          { label: 'outcome', operator: '=', value: 'success' },
          { label: 'model', operator: '=~', value: '$model' },
        ],
      },
    ]);
    expect(query.groupings).toMatchObject([{ kind: 'by', labels: ['cluster', 'model'] }]);
  });

  it.each([
    ['sum by (cluster) (up', 'no PromQL'],
    ['modelwatch_model_seving', 'nobody exposes or records modelwatch_model_seving'],
    ['modelwatch:model_health{state="failed"}', 'modelwatch:model_health has no label state'],
    ['sum by (model) (modelwatch:model_health)', 'by (model) must carry cluster'],
    ['count(modelwatch:model_health)', 'by () must carry cluster'],
    ['sum by (cluster, flavour) (modelwatch:model_health)', 'no series there has flavour'],
    ['modelwatch:model_health * on (model) group_left (owner) modelwatch:model_info', 'on (model) must carry cluster'],
    ['modelwatch_inference_duration_seconds{model="a"}', 'nobody exposes'],
    ['{model="a"}', 'a selector without a name'],
  ])('refuses %s', (expr, problem) => {
    expect(promqlProblems(expr).join('\n')).toContain(problem);
  });

  it.each([
    'histogram_quantile(0.95, sum by (cluster, le) (rate(modelwatch_inference_duration_seconds_bucket[5m])))',
    'modelwatch_model_serving and on (cluster, job, instance) (modelwatch_exporter_synced == 1)',
    'max by (cluster, colour) (label_replace(modelwatch:model_health, "colour", "$1", "health", "(.*)"))',
    'modelwatch:model_health * on (health) group_left () label_replace(vector(1), "health", "failed", "", "")',
  ])('lets %s pass', (expr) => {
    expect(promqlProblems(expr)).toEqual([]);
  });
});
