import React from 'react';
import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { DataSourcePicker } from '@grafana/runtime';
import { GRAFANA_ALERTMANAGER } from '@modelwatch/contract';
import { Combobox, Field, FieldSet, Input, SecretInput } from '@grafana/ui';
import { alertmanagers } from '../alertmanagers';
import { DEFAULT_TIME_INTERVAL, type ModelwatchOptions, type ModelwatchSecrets } from '../options';

type Props = DataSourcePluginOptionsEditorProps<ModelwatchOptions, ModelwatchSecrets>;

/** Grafana stores durations so: a number and one unit. */
const DURATION = /^\d+(ms|s|m|h|d)$/;

/** Those that Grafana has as data sources, and its own. */
function alertmanagerOptions(): Array<{ value: string; label: string }> {
  return [
    ...alertmanagers().map(({ uid, name }) => ({ value: uid, label: name })),
    { value: GRAFANA_ALERTMANAGER, label: 'That of Grafana itself' },
  ];
}

function problemOfUrl(url: string | undefined): string | undefined {
  if (!url) return undefined;
  if (!/^https?:\/\/\S+$/.test(url)) return 'Expected a URL such as http://modelwatch-exporter:8780';
  return /\/(api(\/v1)?)?$/.test(url) ? 'Leave out the path: the data source adds /api/v1 itself' : undefined;
}

export function ConfigEditor({ options, onOptionsChange }: Props): React.JSX.Element {
  const { jsonData, secureJsonData, secureJsonFields } = options;
  const store = (change: Partial<ModelwatchOptions>): void =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...change } });
  const storeSecret = (name: keyof ModelwatchSecrets, value: string): void =>
    onOptionsChange({
      ...options,
      secureJsonFields: { ...secureJsonFields, [name]: false },
      secureJsonData: { ...secureJsonData, [name]: value },
    });
  const secret = (name: keyof ModelwatchSecrets, id: string, label: string, description: string) => (
    <Field label={label} description={description}>
      <SecretInput
        id={id}
        width={60}
        isConfigured={Boolean(secureJsonFields?.[name])}
        value={secureJsonData?.[name] ?? ''}
        onReset={() => storeSecret(name, '')}
        onChange={({ currentTarget }) => storeSecret(name, currentTarget.value)}
      />
    </Field>
  );
  const urlProblem = problemOfUrl(jsonData.apiUrl);
  const intervalProblem = Boolean(jsonData.timeInterval) && !DURATION.test(jsonData.timeInterval ?? '');
  return (
    <>
      <FieldSet label="Prometheus">
        <Field
          label="Prometheus data source"
          description="Scrapes the exporter and evaluates the Modelwatch rules; queries run with the rights of the user"
          htmlFor="modelwatch-prometheus"
          invalid={!jsonData.prometheusUid}
          error="Required: health and metrics come from here"
        >
          <DataSourcePicker
            inputId="modelwatch-prometheus"
            current={jsonData.prometheusUid ?? null}
            filter={({ type }) => type.includes('prometheus')}
            onChange={({ uid }) => store({ prometheusUid: uid })}
            noDefault
            width={60}
          />
        </Field>
        <Field
          label="Least step"
          description="Of queries over time; best the interval at which the rules are evaluated"
          invalid={intervalProblem}
          error="Expected a duration such as 30s"
        >
          <Input
            id="modelwatch-interval"
            width={20}
            value={jsonData.timeInterval ?? ''}
            placeholder={DEFAULT_TIME_INTERVAL}
            onChange={({ currentTarget }) => store({ timeInterval: currentTarget.value.trim() })}
          />
        </Field>
      </FieldSet>
      <FieldSet label="Alertmanager">
        <Field
          label="Alertmanager"
          description="The one that Prometheus sends alerts to. Optional: says who is told, and what is silenced, with the rights of the user"
          htmlFor="modelwatch-alertmanager"
        >
          <Combobox
            id="modelwatch-alertmanager"
            options={alertmanagerOptions()}
            value={jsonData.alertmanagerUid ?? null}
            placeholder="The only data source of type Alertmanager, if there is one"
            isClearable
            onChange={(chosen) => store({ alertmanagerUid: chosen?.value })}
            width={60}
          />
        </Field>
      </FieldSet>
      <FieldSet label="Exporter">
        <Field
          label="Exporter URL"
          description="As Grafana's server reaches it. Optional: gives reasons with the error text itself"
          invalid={Boolean(urlProblem)}
          error={urlProblem}
        >
          <Input
            id="modelwatch-api-url"
            width={60}
            value={jsonData.apiUrl ?? ''}
            placeholder="http://modelwatch-exporter:8780"
            onChange={({ currentTarget }) => store({ apiUrl: currentTarget.value.trim() })}
          />
        </Field>
        {secret(
          'apiToken',
          'modelwatch-api-token',
          'Token',
          'Bearer token, if the exporter asks for one; stored encrypted'
        )}
        {secret(
          'rowsToken',
          'modelwatch-rows-token',
          'Token for rows',
          'Of data exploration, as in events.exploration.tokenFile of the exporter; editors then see rows of models'
        )}
      </FieldSet>
    </>
  );
}
