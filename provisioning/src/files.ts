/** Every file under provisioning/ that is made from the contract, by its path there. */
import { parse, stringify } from 'yaml';
import { buildAccuracyRules, buildDriftRules, renderGroups, renderRules } from '../../exporter/src/rules';
import { alertsDashboard } from './alerts';
import { challengersDashboard } from './challengers';
import { customDashboard } from './custom';
import { accuracyDashboard } from './accuracy';
import { driftDashboard } from './drift';
import { fairnessDashboard } from './fairness';
import { fleetDashboard } from './fleet';
import { generativeDashboard } from './generative';
import { llmServingDashboard } from './llmServing';
import { modelDashboard } from './model';
import { pipelinesDashboard } from './pipelines';
import { serversDashboard } from './servers';
import { sloDetailDashboard, sloOverviewDashboard } from './slo';
import { VARIANTS, type Variant } from './types';
import { usageDashboard } from './usage';

/** As the shipped scrape configuration: once per 30 s. */
const RULE_OPTIONS = { intervalSeconds: 30 };

function dashboards(variant: Variant): Record<string, string> {
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'fleet.json': text(fleetDashboard(variant)),
    'model.json': text(modelDashboard(variant)),
    'drift.json': text(driftDashboard(variant)),
    'challengers.json': text(challengersDashboard(variant)),
    'custom-metrics.json': text(customDashboard(variant)),
    'accuracy.json': text(accuracyDashboard(variant)),
    'fairness.json': text(fairnessDashboard(variant)),
    'servers.json': text(serversDashboard(variant)),
    'llm-serving.json': text(llmServingDashboard(variant)),
    'generative.json': text(generativeDashboard(variant)),
    'pipelines.json': text(pipelinesDashboard(variant)),
    'slo-overview.json': text(sloOverviewDashboard(variant)),
    'slo-detail.json': text(sloDetailDashboard(variant)),
    'alerts.json': text(alertsDashboard(variant)),
    'usage.json': text(usageDashboard(variant)),
  };
}

/** The chart adds metadata of its own: it gets what stands under `spec`. */
function ruleSpec(): string {
  const document = parse(renderRules('prometheusrule', RULE_OPTIONS)) as { readonly spec: unknown };
  return stringify(document.spec, { lineWidth: 0, aliasDuplicateObjects: false });
}

export function generatedFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'prometheus/rules.yml': renderRules('prometheus', RULE_OPTIONS),
    // Loaded by whoever wants fast verdicts: beside rules.yml, from which it takes references and settings.
    'prometheus/drift-10m.rules.yml': renderGroups('prometheus', buildDriftRules(RULE_OPTIONS, ['10m']), RULE_OPTIONS),
    'prometheus/accuracy-10m.rules.yml': renderGroups(
      'prometheus',
      buildAccuracyRules(RULE_OPTIONS, ['10m']),
      RULE_OPTIONS
    ),
    'grafana/alerting/rules.yaml': renderRules('grafana', RULE_OPTIONS),
    'kubernetes/chart/files/rules.yml': ruleSpec(),
  };
  for (const variant of VARIANTS) {
    const folder = variant === 'plugins' ? 'grafana/dashboards' : 'grafana/importable';
    for (const [name, text] of Object.entries(dashboards(variant))) {
      files[`${folder}/${name}`] = text;
      files[`kubernetes/chart/files/dashboards/${variant}/${name}`] = text;
    }
  }
  return files;
}
