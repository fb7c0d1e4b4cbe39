/** `modelwatch status`: the fleet of a running exporter in the terminal, worst first. */
import {
  API_PATHS,
  decodeApiError,
  decodeModelList,
  decodeStatus,
  HEALTH_STATES,
  type Decoder,
  type HealthState,
  type ModelList,
  type ModelSummary,
  type Status,
} from '@modelwatch/contract';
import { reasonText, sinceOf } from '../http/page/reasons';
import { span } from '../http/page/words';
import { parseFlags } from './arguments';
import { exporterOf, PASSWORD_ENV } from './running-exporter';

/** Shape and ANSI colour of each state; the word always stands beside it. */
const MARKS: Record<HealthState, readonly [string, number]> = {
  failed: ['◆', 31],
  degraded: ['▲', 33],
  stale: ['◷', 90],
  unknown: ['?', 90],
  progressing: ['◐', 90],
  idle: ['‖', 90],
  healthy: ['●', 34],
};

export interface StatusView {
  readonly colour: boolean;
  /** Columns of the terminal; reasons are cut to fit. Absent: nothing is cut. */
  readonly columns?: number | undefined;
  readonly nowSeconds: number;
}

/** @throws UsageError; Error when no exporter answers, with what to do. */
export async function runStatus(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const flags = parseFlags(args, ['url', 'user']);
  const { url, headers } = exporterOf(flags, env);
  const status = await ask(`${url}${API_PATHS.status}`, decodeStatus, headers);
  const models = await ask(`${url}${API_PATHS.models}`, decodeModelList, headers);
  const { isTTY, columns } = process.stdout;
  console.log(
    statusText(status, models, {
      colour: isTTY && !env.NO_COLOR,
      columns: isTTY ? columns : undefined,
      nowSeconds: Date.now() / 1000,
    })
  );
}

async function ask<T>(url: string, decoder: Decoder<T>, headers: Record<string, string>): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    throw new Error(`${url}: no exporter answers (${cause}). Start one with "modelwatch exporter", or give --url.`);
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.status === 401 && headers['authorization']) {
    throw new Error(`${url}: it does not know this user with this password`);
  }
  if (answer.status === 401) {
    throw new Error(`${url}: it asks for a user: give --user NAME, and the password in ${PASSWORD_ENV}`);
  }
  if (!answer.ok) {
    const told = body === undefined ? '' : `: ${decodeApiError(body).error.message}`;
    throw new Error(`${url}: HTTP status ${answer.status}${told}`);
  }
  return decoder(body);
}

export function statusText(status: Status, models: ModelList, view: StatusView): string {
  const parts = [summary(status, models), modelTable(models.items, status, view), sourceText(status)];
  return parts.filter((part) => part !== '').join('\n\n');
}

function summary(status: Status, { items, partial, missingShards = [] }: ModelList): string {
  const counts = HEALTH_STATES.map(
    (state) => [word(state, status), items.filter(({ health }) => health === state).length] as const
  );
  const told = counts.filter(([, number]) => number > 0).map(([name, number]) => `${number} ${name}`);
  const lines = [
    `${items.length} ${items.length === 1 ? 'model' : 'models'}${told.length > 0 ? `: ${told.join(', ')}` : ''}`,
  ];
  if (partial && missingShards.length === 0) lines.push('This is not the whole fleet: a source is not synced.');
  for (const { shard, why } of missingShards) lines.push(`This is not the whole fleet: shard ${shard}: ${plain(why)}`);
  if (status.healthSource === 'serving-only')
    lines.push('Serving only: the exporter has no fresh health from Prometheus.');
  return lines.join('\n');
}

function word(state: HealthState, status: Status): string {
  return state === 'healthy' && status.healthSource === 'serving-only' ? 'serving' : state;
}

function modelTable(items: readonly ModelSummary[], status: Status, view: StatusView): string {
  if (items.length === 0) return '';
  const rows = items.map((model) => {
    const { sinceSeconds } = sinceOf(model.health, model.serving, model.sinceSeconds);
    return [
      `${MARKS[model.health][0]} ${word(model.health, status)}`,
      plain(`${model.namespace}/${model.name}`),
      model.replicas.desired === undefined ? '-' : `${model.replicas.available ?? 0} of ${model.replicas.desired}`,
      sinceSeconds === undefined ? '-' : span(view.nowSeconds - sinceSeconds),
      plain(reasonText(model.reasons, model.health, model.serving, model.channels)),
    ];
  });
  const header = ['STATE', 'MODEL', 'REPLICAS', 'FOR', 'REASON'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => {
    const text = cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return view.columns !== undefined && text.length > view.columns ? `${text.slice(0, view.columns - 1)}…` : text;
  };
  const body = rows.map((row, index) => {
    const [shape, colour] = MARKS[items[index]?.health ?? 'unknown'];
    const text = line(row);
    return view.colour ? text.replace(shape, `\u001b[${colour}m${shape}\u001b[0m`) : text;
  });
  return [line(header), ...body].join('\n');
}

function sourceText({ sources }: Status): string {
  return sources
    .filter(({ state }) => state !== 'synced' && state !== 'absent')
    .map(({ source, state, message }) => plain(`Source ${source}: ${state}${message ? `: ${message}` : ''}`))
    .join('\n');
}

/** Names and reasons come from outside: nothing in them may steer the terminal. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is the point
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
