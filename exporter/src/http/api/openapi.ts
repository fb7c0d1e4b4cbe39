/** OpenAPI 3.1 of the read API, made of the route table. */
import { z } from 'zod';
import { FORGET_BATCH_PATH, FORGET_PATH, INGEST_NAMES, ingestPathsOf, type IngestName } from '../ingest';
import { ROWS_PATH } from '../rows-path';
import type { QueryParameter } from './query';
import { API_ROUTES, type ApiRoute } from './routes';
import { ROW_FILTERS, ROW_PAGE } from './rows';
import { SCHEMAS, type SchemaName } from './schemas';

export function openApi(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Modelwatch read API',
      version,
      description: 'The fleet of models as the exporter sees it. Times are seconds since 1970, durations seconds.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      ...Object.fromEntries(API_ROUTES.map((route) => [route.path, { get: operation(route) }])),
      ...rowPaths(),
      ...ingestPaths(),
    },
    components: {
      securitySchemes: { rows: { type: 'http', scheme: 'bearer', description: 'events.exploration.tokenFile' } },
      schemas: Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, jsonSchema(schema)])),
    },
  };
}

function operation(route: ApiRoute) {
  return {
    operationId: route.operationId,
    summary: route.summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    responses: {
      200: { description: 'The answer.', ...content(route.schema) },
      default: {
        description: 'What was wrong: 400, 404, 405, 500, or 503 before the first sync.',
        ...content('Error'),
      },
    },
  };
}

const REFUSED_ROWS = {
  description: 'What was wrong: 400, 401 without the token, 403 or 404 where no rows are held, 503.',
  ...content('Error'),
};

/** Rows that are held for data exploration, page by page and as files. */
function rowPaths() {
  const rows = (operationId: string, summary: string, query: readonly QueryParameter[], path: string, ok: object) => ({
    get: {
      ...{ operationId, summary, security: [{ rows: [] }] },
      parameters: [...pathParameters(path), ...queryParameters(query)],
      responses: { 200: { description: 'The rows, newest first.', ...ok }, default: REFUSED_ROWS },
    },
  });
  const [csv, lines] = [`${ROWS_PATH}.csv`, `${ROWS_PATH}.jsonl`];
  const file = (type: string) => ({ content: { [type]: { schema: { type: 'string' } } } });
  return {
    [ROWS_PATH]: rows(
      'listRows',
      'Rows that are held for data exploration',
      [...ROW_FILTERS, ...ROW_PAGE],
      ROWS_PATH,
      content('ModelRows')
    ),
    [csv]: rows('downloadRowsAsCsv', 'The same as CSV', ROW_FILTERS, csv, file('text/csv')),
    [lines]: rows('downloadRows', 'The same as JSON lines', ROW_FILTERS, lines, file('application/x-ndjson')),
  };
}

const LOGGED: readonly IngestName[] = ['predictions', 'detections'];

function typesOf(name: IngestName): string[] {
  const types = ['application/json', 'application/x-ndjson'];
  return LOGGED.includes(name) ? [...types, 'application/cloudevents+json'] : types;
}

/** What is posted is described in docs/ingest.md: its formats are more than JSON of one shape. */
function ingestPaths() {
  const refused = {
    description: 'What was wrong: 400, 403, 413, 415, 429 or 503 with Retry-After.',
    ...content('Error'),
  };
  const post = (name: IngestName, path: string, suffix: string) => ({
    post: {
      operationId: `ingest${name[0]?.toUpperCase()}${name.slice(1)}${suffix}`,
      summary: `Takes in ${name}, one or many`,
      parameters: pathParameters(path),
      requestBody: { required: true, content: Object.fromEntries(typesOf(name).map((type) => [type, {}])) },
      responses: {
        200: { description: 'What became of each.', ...content('IngestReport') },
        422: { description: 'The same, where every one was refused.', ...content('IngestReport') },
        default: refused,
      },
    },
  });
  const suffixes = ['', 'OfModel', 'OfDetector'];
  const posts = INGEST_NAMES.flatMap((name) =>
    ingestPathsOf(name).map((path, index) => [path, post(name, path, suffixes[index] ?? '')] as const)
  );
  const forget = (operationId: string, summary: string, path: string) => ({
    operationId,
    summary,
    parameters: pathParameters(path),
    responses: {
      200: { description: 'Whether anything was known.', ...content('Forgotten') },
      default: refused,
    },
  });
  return {
    ...Object.fromEntries(posts),
    [FORGET_PATH]: { delete: forget('forgetPrediction', 'Forgets a prediction, its actual and its row', FORGET_PATH) },
    [FORGET_BATCH_PATH]: { delete: forget('forgetBatch', 'Shows nothing of a batch any more', FORGET_BATCH_PATH) },
  };
}

function content(schema: SchemaName) {
  return { content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } };
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: readonly QueryParameter[]) {
  return query.map(({ name, description, values, range }) => ({
    name,
    in: 'query',
    description,
    schema: range
      ? { type: 'integer', minimum: range[0], maximum: range[1] }
      : { type: 'string', ...(values ? { enum: values } : {}) },
  }));
}

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
