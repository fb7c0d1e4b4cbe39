/** A single broker of Kafka, and Kafka's own producer, from the jars that scripts/test-kafka.mjs fetches. */
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startProgram, until, type Program } from '../../support/processes';

const CLASSES = join(process.env['MODELWATCH_KAFKA_LIBRARIES'] ?? '', '*');
const PARTITIONS = 2;

export interface Sent {
  readonly topic: string;
  readonly key?: string;
  readonly value: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Broker {
  readonly address: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Resolves when the broker has them all; topics that are not there are made. */
  send(records: readonly Sent[], compression?: string): void;
}

export async function createBroker(folder: string): Promise<Broker> {
  const [port, controller] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const config = join(folder, 'server.properties');
  const listeners = `PLAINTEXT://${address},CONTROLLER://127.0.0.1:${controller}`;
  writeFileSync(
    config,
    Object.entries({
      'process.roles': 'broker,controller',
      'node.id': '1',
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners,
      'advertised.listeners': `PLAINTEXT://${address}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'log.dirs': join(folder, 'logs'),
      'num.partitions': PARTITIONS,
      'offsets.topic.replication.factor': 1,
      'offsets.topic.num.partitions': 1,
      'group.initial.rebalance.delay.ms': 0,
    })
      .map(([key, value]) => `${key}=${value}\n`)
      .join('')
  );
  java('kafka.tools.StorageTool', ['format', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', config]);
  let running: Program | undefined;
  return {
    address,
    async start() {
      running = startProgram('java', ['-Xmx256m', '-cp', CLASSES, 'kafka.Kafka', config]);
      await until('the broker', () => answers(port), Boolean, 60_000);
    },
    async kill() {
      running?.signal('SIGKILL');
      await running?.ended;
    },
    send(records, compression = 'none') {
      const base64 = (value: string | Buffer) => Buffer.from(value).toString('base64');
      const lines = records.map(({ topic, key = '', value, headers = {} }) =>
        [topic, base64(key), base64(value), ...Object.entries(headers).map((each) => each.join('='))].join('\t')
      );
      const out = java(join(__dirname, 'Produce.java'), [address, compression], lines.join('\n'));
      if (!out.includes(String(records.length))) throw new Error(`the producer: ${out}`);
    },
  };
}

/** Runs to its end. @returns what it printed */
function java(main: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('java', ['-cp', CLASSES, main, ...args], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${main}: ${stderr}`);
  return stdout;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.end() !== undefined));
    socket.once('error', () => resolve(false));
  });
}
