import React, { useMemo, useState } from 'react';
import { Button, useStyles2 } from '@grafana/ui';
import { CHANNELS } from '@modelwatch/contract';
import { compareModels } from '../../model/order';
import { ageText, replicasText } from '../../model/say';
import type { ModelView } from '../../model/types';
import { countText, spanText } from '../../model/words';
import { channelName, STATUS_MARK, statusWord } from './channels';
import { wayTo } from '../shared/links';
import { useHealth, type HealthContext } from './context';
import { Mark } from '../shared/Mark';
import { getTableStyles } from '../shared/tableStyles';

/** Rows that are drawn at first; a thousand rows of a dozen cells would make every refresh slow. */
const PAGE = 100;

interface Column {
  readonly id: string;
  readonly title: string;
  readonly cell: (model: ModelView, context: HealthContext) => React.ReactNode;
  /** What the column sorts by; ascending. Missing values come last either way. */
  readonly value: (model: ModelView) => string | number | undefined;
  readonly numeric?: boolean;
}

function Stated({ state, word }: { state: React.ComponentProps<typeof Mark>['state']; word: string }) {
  return (
    <span style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
      <Mark state={state} size={14} />
      {word}
    </span>
  );
}

/** A missing value: shown as a dash, read as a word. */
function Missing() {
  return (
    <span role="img" aria-label="unknown">
      –
    </span>
  );
}

function textColumn(id: string, title: string, value: (model: ModelView) => string | undefined): Column {
  return { id, title, value, cell: (model) => value(model) || <Missing /> };
}

function channelColumn(channel: string): Column {
  const status = (model: ModelView) => model.channels.find((one) => one.channel === channel)?.status;
  return {
    id: `channel ${channel}`,
    title: channelName(channel),
    value: status,
    cell: (model) => {
      const word = status(model);
      return word ? <Stated state={STATUS_MARK[word] ?? 'unknown'} word={statusWord(word)} /> : <Missing />;
    },
  };
}

function columnsOf(models: readonly ModelView[]): Column[] {
  const present = new Set(models.flatMap((model) => model.channels.map(({ channel }) => channel)));
  const known = CHANNELS.filter((channel) => present.has(channel));
  const channels = [...known, ...[...present].filter((channel) => !known.some((one) => one === channel))];
  const clusters = new Set(models.map(({ cluster }) => cluster));
  return [
    {
      id: 'health',
      title: 'Health',
      value: () => undefined,
      cell: (model) => <Stated state={model.health} word={model.health} />,
    },
    ...(clusters.size > 1 ? [textColumn('cluster', 'Cluster', (model) => model.cluster)] : []),
    textColumn('namespace', 'Namespace', (model) => model.namespace),
    textColumn('reason', 'Reason', (model) => model.reason),
    {
      id: 'since',
      title: 'Since',
      numeric: true,
      value: (model) => model.sinceMs,
      cell: (model, { nowMs }) => (model.sinceMs === undefined ? <Missing /> : spanText(nowMs - model.sinceMs)),
    },
    ...channels.map(channelColumn),
    { ...textColumn('replicas', 'Replicas', replicasText), numeric: true, value: (model) => model.replicasAvailable },
    textColumn('version', 'Version', (model) => model.version),
    textColumn('owner', 'Owner', (model) => model.owner),
    {
      id: 'last',
      title: 'Last prediction',
      numeric: true,
      value: (model) => model.lastRequestMs,
      cell: (model, { nowMs }) =>
        model.lastRequestMs === undefined ? <Missing /> : `${spanText(nowMs - model.lastRequestMs)} ago`,
    },
    {
      id: 'day',
      title: 'Predictions a day',
      numeric: true,
      value: (model) => model.requestsPerDay,
      cell: (model) => (model.requestsPerDay === undefined ? <Missing /> : countText(model.requestsPerDay)),
    },
    {
      id: 'age',
      title: 'Data age',
      numeric: true,
      value: (model) => (model.confirmedMs === undefined ? undefined : -model.confirmedMs),
      cell: (model, { nowMs }) => ageText(model, nowMs) || <Missing />,
    },
  ];
}

const natural = new Intl.Collator('en', { numeric: true });

function compareBy(column: Column, descending: boolean) {
  return (a: ModelView, b: ModelView): number => {
    const [left, right] = [column.value(a), column.value(b)];
    if (left === undefined || right === undefined || left === '' || right === '') {
      return Number(left === undefined || left === '') - Number(right === undefined || right === '');
    }
    const order =
      typeof left === 'number' && typeof right === 'number' ? left - right : natural.compare(`${left}`, `${right}`);
    return descending ? -order : order;
  };
}

interface Sort {
  readonly id: string;
  readonly descending: boolean;
}

const NAME: Column = textColumn('name', 'Model', (model) => model.name);

function sorted(models: readonly ModelView[], columns: readonly Column[], sort: Sort): ModelView[] {
  if (sort.id === 'health') return [...models].sort((a, b) => compareModels(a, b) * (sort.descending ? -1 : 1));
  const column = [NAME, ...columns].find(({ id }) => id === sort.id);
  return column ? [...models].sort(compareBy(column, sort.descending)) : [...models];
}

interface HeadProps {
  readonly column: Column;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

function Head({ column: { id, title, numeric }, sort, onSort }: HeadProps) {
  const styles = useStyles2(getTableStyles);
  const mine = sort.id === id;
  const direction = sort.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={mine ? direction : 'none'} className={numeric ? styles.numeric : undefined}>
      <button type="button" onClick={() => onSort({ id, descending: mine && !sort.descending })}>
        {title}
        <span aria-hidden="true">{mine ? (sort.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

/** The same models as a real table: status per channel, version, owner and use. */
export function TableView({ models }: { models: readonly ModelView[] }) {
  const styles = useStyles2(getTableStyles);
  const context = useHealth();
  const [sort, setSort] = useState<Sort>({ id: 'health', descending: false });
  const [limit, setLimit] = useState(PAGE);
  const columns = useMemo(() => columnsOf(models), [models]);
  const rows = useMemo(() => sorted(models, columns, sort), [models, columns, sort]);
  const hidden = rows.length - limit;
  return (
    <div className={styles.scroll} role="region" aria-label="Models as a table" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {[NAME, ...columns].map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map((model) => (
            <tr key={model.key} data-state={model.health}>
              <th scope="row">
                <ModelName model={model} />
              </th>
              {columns.map(({ id, cell, numeric }) => (
                <td key={id} className={numeric ? styles.numeric : undefined}>
                  {cell(model, context)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <Button size="sm" variant="secondary" fill="text" onClick={() => setLimit(limit + 10 * PAGE)}>
          {`+ ${countText(hidden)} more`}
        </Button>
      )}
    </div>
  );
}

function ModelName({ model }: { model: ModelView }) {
  const { linksOf } = useHealth();
  const link = wayTo(linksOf(model));
  if (!link) return <>{model.name}</>;
  return (
    <a href={link.href} target={link.target} title={link.title}>
      {model.name}
    </a>
  );
}
