/** OpenAPI 3.1 of the responder. */
import {
  RESPONDER_MODES,
  RESPONDER_SENDERS,
  RESPONSE_ACTIONS,
  RESPONSE_REASONS,
  RESPONSE_RESULTS,
  RESPONSES_PATH,
  type ResponseList,
} from '@modelwatch/contract';
import { z } from 'zod';

export const RESPONDER_PATHS = {
  alertmanager: '/webhooks/alertmanager',
  grafana: '/webhooks/grafana',
  openapi: '/api/v1/openapi.json',
} as const;

/** What contract decodes; one that says something else does not compile. */
const responseListSchema: z.ZodType<ResponseList> = z.object({
  mode: z.enum(RESPONDER_MODES),
  paused: z.boolean(),
  items: z
    .array(
      z.object({
        atSeconds: z.number(),
        key: z.string().describe('Of the alert and the policy; also in the annotation of what was changed.'),
        policy: z.string(),
        action: z.enum(RESPONSE_ACTIONS),
        mode: z.enum(RESPONDER_MODES),
        result: z.enum(RESPONSE_RESULTS),
        reason: z.enum(RESPONSE_REASONS),
        text: z.string(),
        sender: z.enum(RESPONDER_SENDERS),
        alertname: z.string(),
        startsAtSeconds: z.number(),
        target: z.exactOptional(z.object({ kind: z.string(), namespace: z.string(), name: z.string() })),
        before: z.exactOptional(z.union([z.number(), z.string()])),
        after: z.exactOptional(z.union([z.number(), z.string()])),
      })
    )
    .describe('Newest first.'),
});

export function responderOpenApi(version: string) {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(responseListSchema);
  const post = (sender: string) => ({
    post: {
      operationId: `${sender}Webhook`,
      summary: `Takes in alerts of ${sender}`,
      security: [{ sender: [] }],
      requestBody: { required: true, content: { 'application/json': {} } },
      responses: {
        200: { description: 'They are looked at.' },
        default: { description: 'What was wrong: 400, 401, 403, 413, or 503 when the sender is to come again.' },
      },
    },
  });
  return {
    openapi: '3.1.0',
    info: { title: 'Modelwatch responder', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths: {
      [RESPONSES_PATH]: {
        get: {
          operationId: 'listResponses',
          summary: 'What became of the last alerts, newest first',
          responses: { 200: { description: 'The answer.', content: { 'application/json': { schema } } } },
        },
      },
      [RESPONDER_PATHS.alertmanager]: post('alertmanager'),
      [RESPONDER_PATHS.grafana]: post('grafana'),
    },
    components: { securitySchemes: { sender: { type: 'http', scheme: 'bearer' } } },
  };
}
