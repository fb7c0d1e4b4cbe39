/** OpenAPI 3.1 of the read API, made of the route table. */
import { z } from 'zod';
import { API_ROUTES, type ApiRoute } from './routes';
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
    paths: Object.fromEntries(API_ROUTES.map((route) => [route.path, { get: operation(route) }])),
    components: {
      schemas: Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, jsonSchema(schema)])),
    },
  };
}

function operation(route: ApiRoute) {
  return {
    operationId: route.operationId,
    summary: route.summary,
    parameters: [...pathParameters(route), ...queryParameters(route)],
    responses: {
      200: { description: 'The answer.', ...content(route.schema) },
      default: {
        description: 'What was wrong: 400, 404, 405, 500, or 503 before the first sync.',
        ...content('Error'),
      },
    },
  };
}

function content(schema: SchemaName) {
  return { content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } };
}

function pathParameters(route: ApiRoute) {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: ApiRoute) {
  return route.query.map(({ name, description, values, range }) => ({
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
