import { FieldConfigProperty, PanelPlugin, VisualizationSuggestionScore } from '@grafana/data';
import { DEFAULT_OPTIONS, type PanelOptions } from './options';
import { showsModels } from './suggestions';
import { HealthPanel } from './views/health/HealthPanel';

export const plugin = new PanelPlugin<PanelOptions>(HealthPanel)
  .setNoPadding()
  .setDataSupport({ annotations: true, alertStates: true })
  // Actions cannot be run by a plugin: the executor is not exported.
  .useFieldConfig({ disableStandardOptions: [FieldConfigProperty.Actions] })
  .setPanelOptions((builder) =>
    builder
      .addRadio({
        path: 'mode',
        name: 'Show as',
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
  );

// Older Grafana versions ask for suggestions in another way, or not at all.
plugin.setSuggestionsSupplier?.((summary) => {
  if (!summary.hasData || !summary.rawFrames || !showsModels(summary.rawFrames)) return;
  return [{ name: 'Model health', score: VisualizationSuggestionScore?.Best }];
});
