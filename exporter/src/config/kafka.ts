/** Kafka clusters that predictions are read from, and what their topics hold. */
import { z } from 'zod';
import { tlsConfig } from './http-client';
import { name } from './text';

const FORMATS = ['json', 'cloudevents', 'inference', 'seldon'] as const;
const file = z.string().min(1);
/** As Kafka allows it, and `*` for anything. */
const topicName = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[a-zA-Z0-9._*-]+$/, 'a name of a topic, where * stands for anything');
const broker = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]{1,253}):\d{1,5}$/, 'a host and a port, as in kafka.shop:9092');

const topic = z
  .strictObject({
    topic: topicName,
    /**
     * `json`: our own. `cloudevents`: requests and responses as KServe's logger posts them. `inference`: bodies of the
     * Open Inference Protocol, requests here and responses in responseTopic, joined by the key. `seldon`: the same, with
     * `.inputs` and `.outputs` after the name, which tells namespace and model.
     */
    format: z.enum(FORMATS).default('json'),
    responseTopic: topicName.optional(),
    /** Of events that do not say it. */
    namespace: name.optional(),
    model: name.optional(),
  })
  .superRefine(({ topic, format, responseTopic, model }, context) => {
    const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if ((format === 'inference') !== (responseTopic !== undefined)) {
      refuse('responseTopic', 'one with format inference, and none with another');
    }
    if (format === 'inference' && (topic.includes('*') || responseTopic?.includes('*'))) {
      refuse('topic', 'a name without * with format inference');
    }
    if (format === 'inference' && model === undefined) refuse('model', 'the name of the model that the topic is about');
    if (format === 'seldon' && !/^.+\.[^.]+\.(model|pipeline)\..+$/.test(topic)) {
      refuse('topic', '<prefix>.<namespace>.model.<name> or <prefix>.<namespace>.pipeline.<name>, without .inputs');
    }
  });

const cluster = z
  .strictObject({
    /** Its source is called `kafka/<name>`. */
    name,
    brokers: z.array(broker).min(1).max(100),
    groupId: z.string().min(1).max(249).default('modelwatch'),
    topics: z.array(topic).min(1).max(500),
    /** Where a group begins that has committed nothing. */
    startFrom: z.enum(['latest', 'earliest']).default('latest'),
    /** There, even empty: TLS. */
    tlsConfig: tlsConfig.optional(),
    sasl: z
      .strictObject({
        mechanism: z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']),
        username: z.string().min(1).max(253),
        passwordFile: file,
      })
      .optional(),
    /** Records that cannot be read are put here, with their content; absent: nowhere. */
    deadLetterFile: file.optional(),
    /** Of the file and the one before it. */
    deadLetterBytes: z.number().int().min(4_096).max(17_179_869_184).default(10_485_760),
  })
  .refine(({ tlsConfig, sasl }) => tlsConfig !== undefined || sasl?.mechanism !== 'PLAIN', {
    path: ['sasl', 'mechanism'],
    error: 'another than PLAIN without tlsConfig: the password would be sent as it is',
  });

export const kafkaSchema = z
  .array(cluster)
  .max(20)
  .superRefine((all, context) => {
    all.forEach(({ name: own }, index) => {
      if (!all.slice(0, index).some((other) => other.name === own)) return;
      context.addIssue({ code: 'custom', path: [index, 'name'], message: 'a name that no other cluster has' });
    });
  });

export type KafkaConfig = z.infer<typeof cluster>;
