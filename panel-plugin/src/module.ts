import { FieldConfigProperty, PanelPlugin, VisualizationSuggestionScore } from '@grafana/data';
import { DEFAULT_OPTIONS, type PanelOptions } from './options';
import { isAlerts } from './model/mark';
import { showsAccuracy, showsDrift, showsModels, showsSlo } from './suggestions';
import { ModelsPanel } from './views/ModelsPanel';

export const plugin = new PanelPlugin<PanelOptions>(ModelsPanel)
  .setNoPadding()
  .setDataSupport({ annotations: true, alertStates: true })
  // Actions cannot be run by a plugin: the executor is not exported.
  .useFieldConfig({ disableStandardOptions: [FieldConfigProperty.Actions] })
  .setPanelOptions((builder) =>
    builder
      .addRadio({
        path: 'view',
        name: 'View',
        description: 'Auto takes that of the query.',
        defaultValue: DEFAULT_OPTIONS.view,
        settings: {
          options: [
            { value: 'auto', label: 'Auto' },
            { value: 'health', label: 'Health' },
            { value: 'drift', label: 'Drift' },
            { value: 'accuracy', label: 'Accuracy' },
            { value: 'slo', label: 'SLO' },
            { value: 'alerts', label: 'Alerts' },
          ],
        },
      })
      .addRadio({
        path: 'driftMode',
        name: 'Show drift as',
        description: 'Auto takes the richest form that fits.',
        defaultValue: DEFAULT_OPTIONS.driftMode,
        showIf: ({ view }) => view === 'auto' || view === 'drift',
        settings: {
          options: [
            { value: 'auto', label: 'Auto' },
            { value: 'heatmap', label: 'Heatmap' },
            { value: 'scatter', label: 'Scatter' },
            { value: 'list', label: 'List' },
            { value: 'distribution', label: 'Distribution' },
          ],
        },
      })
      .addSelect({
        path: 'accuracyMode',
        name: 'Show accuracy as',
        description: 'Auto shows every part that fits, and a picker for the others.',
        defaultValue: DEFAULT_OPTIONS.accuracyMode,
        showIf: ({ view }) => view === 'auto' || view === 'accuracy',
        settings: {
          options: [
            { value: 'auto', label: 'Auto' },
            { value: 'scores', label: 'Scores' },
            { value: 'history', label: 'Score over time' },
            { value: 'predicted-actual', label: 'Predicted against actual' },
            { value: 'confusion', label: 'Confusion matrix' },
            { value: 'calibration', label: 'Calibration' },
            { value: 'ages', label: 'Age of predictions' },
          ],
        },
      })
      .addRadio({
        path: 'mode',
        name: 'Show health as',
        showIf: ({ view }) => view === 'auto' || view === 'health',
        description: 'Auto takes the richest form that fits without scrolling.',
        defaultValue: DEFAULT_OPTIONS.mode,
        settings: {
          options: [
            { value: 'auto', label: 'Auto' },
            { value: 'tiles', label: 'Tiles' },
            { value: 'list', label: 'List' },
            { value: 'table', label: 'Table' },
          ],
        },
      })
      .addNumberInput({
        path: 'staleAfterSeconds',
        name: 'Stale after (seconds)',
        description: 'A state that nobody confirmed for longer is shown as stale, whatever it was.',
        defaultValue: DEFAULT_OPTIONS.staleAfterSeconds,
        settings: { min: 1, integer: true },
      })
      .addTextInput({
        path: 'modelDashboard',
        name: 'Link to model dashboard',
        description:
          'Address opened for a model; ${namespace}, ${model}, ${cluster} and variables of Grafana are filled in.',
        defaultValue: DEFAULT_OPTIONS.modelDashboard,
        settings: {
          placeholder: '/d/modelwatch-model?var-namespace=${namespace}&var-model=${model}&${__url_time_range}',
        },
      })
      .addTextInput({
        path: 'featureDashboard',
        name: 'Link to distribution of a feature',
        description:
          'Address opened for a feature; ${feature}, ${subject}, ${namespace}, ${model}, ${cluster} and variables of Grafana are filled in.',
        defaultValue: DEFAULT_OPTIONS.featureDashboard,
        showIf: ({ view }) => view === 'auto' || view === 'drift',
      })
      .addTextInput({
        path: 'objectiveDashboard',
        name: 'Link to objective dashboard',
        description:
          'Address opened for an objective; ${slo}, ${namespace}, ${model}, ${cluster} and variables of Grafana are filled in.',
        defaultValue: DEFAULT_OPTIONS.objectiveDashboard,
        showIf: ({ view }) => view === 'auto' || view === 'slo',
      })
      .addTextInput({
        path: 'runbook',
        name: 'Link to runbook',
        description: 'Address opened for an alert on an objective; ${alert} is its name.',
        defaultValue: DEFAULT_OPTIONS.runbook,
        showIf: ({ view }) => view === 'auto' || view === 'slo' || view === 'alerts',
      })
  );

// Older Grafana versions ask for suggestions in another way, or not at all.
plugin.setSuggestionsSupplier?.((summary) => {
  if (!summary.hasData || !summary.rawFrames) return;
  const score = VisualizationSuggestionScore?.Best;
  if (showsDrift(summary.rawFrames)) return [{ name: 'Drift', score }];
  if (showsAccuracy(summary.rawFrames)) return [{ name: 'Accuracy', score }];
  if (showsSlo(summary.rawFrames)) return [{ name: 'SLO status', score }];
  if (isAlerts(summary.rawFrames)) return [{ name: 'Alerts', score }];
  return showsModels(summary.rawFrames) ? [{ name: 'Model health', score }] : undefined;
});
