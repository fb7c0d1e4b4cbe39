import React from 'react';
import {
  dateTime,
  EventBusSrv,
  type FieldConfigSource,
  type PanelData,
  type PanelProps,
  type TimeRange,
} from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import type { PanelOptions } from '../options';
import { ModelsPanel } from '../views/ModelsPanel';
import type { Fixture } from './fixtures';

const HEADER = 32;

function timeRange(toMs: number, rangeMs: number): TimeRange {
  const [from, to] = [dateTime(toMs - rangeMs), dateTime(toMs)];
  return { from, to, raw: { from, to } };
}

/** Fills `${name}` and `${name:percentencode}` from scoped variables, which is all that the panel asks for. */
const replaceVariables: PanelProps['replaceVariables'] = (text, scoped) =>
  text.replace(/\$\{(\w+)(:percentencode)?\}/g, (whole, name: string, encode?: string) => {
    const value = scoped?.[name]?.value;
    if (typeof value !== 'string') return whole;
    return encode ? encodeURIComponent(value) : value;
  });

const NO_FIELD_CONFIG: FieldConfigSource = { defaults: {}, overrides: [] };
const eventBus = new EventBusSrv();
const ignore = () => undefined;

export interface FrameProps {
  readonly answer: Fixture;
  readonly toMs: number;
  readonly rangeMs: number;
  readonly width: number;
  readonly height: number;
  readonly options: PanelOptions;
  readonly timeZone: string;
  /** Of the frame; the panel itself draws none. */
  readonly title?: string;
}

/** The panel in a frame like that of a dashboard; width and height are those of the whole frame. */
export function Frame({ answer, toMs, rangeMs, width, height, options, timeZone, title = 'Model health' }: FrameProps) {
  const theme = useTheme2();
  const range = React.useMemo(() => timeRange(toMs, rangeMs), [toMs, rangeMs]);
  const data = React.useMemo<PanelData>(
    () => ({
      state: answer.state,
      series: answer.series,
      timeRange: range,
      ...(answer.error && { errors: [{ message: answer.error }] }),
    }),
    [answer, range]
  );
  return (
    <div
      style={{
        width,
        height,
        flex: 'none',
        background: theme.colors.background.primary,
        border: `1px solid ${theme.colors.border.weak}`,
        borderRadius: 6,
        overflow: 'hidden',
      }}
    >
      <h2 style={{ height: HEADER, padding: '5px 12px', margin: 0, fontSize: 14, fontWeight: 500, lineHeight: '22px' }}>
        {title}
      </h2>
      <ModelsPanel
        id={1}
        title={title}
        transparent={false}
        renderCounter={0}
        data={data}
        timeRange={range}
        timeZone={timeZone}
        options={options}
        fieldConfig={NO_FIELD_CONFIG}
        width={width - 2}
        height={height - HEADER - 2}
        eventBus={eventBus}
        replaceVariables={replaceVariables}
        onOptionsChange={ignore}
        onFieldConfigChange={ignore}
        onChangeTimeRange={ignore}
      />
    </div>
  );
}
