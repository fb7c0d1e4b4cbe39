/**
 * The connections to one server. A pool of undici's has a queue of 16 kB and its own connector: for thousands of servers,
 * each of which is asked for some milliseconds of an interval, that was most of the garbage of a probe.
 */
import { Client, Dispatcher } from 'undici';

/** Requests to one server at the same time; the others wait for a connection. */
const CONNECTIONS_PER_SERVER = 8;

/** A request goes to a connection that is free, else to a new one, else it waits where the fewest do. */
export class ServerClients extends Dispatcher {
  /** Asked by undici's Agent before it closes what it does not need any more. */
  destroyed = false;
  private readonly clients: Client[] = [];

  constructor(
    private readonly origin: string | URL,
    private readonly options: Client.Options
  ) {
    super();
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.freest().dispatch(options, handler);
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback: () => void = () => undefined): Promise<void> {
    return Promise.all(this.clients.map((client) => (client.destroyed ? undefined : client.close()))).then(callback);
  }

  override destroy(): Promise<void>;
  override destroy(error: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(
    error: Error | null | (() => void) = null,
    callback: () => void = typeof error === 'function' ? error : () => undefined
  ): Promise<void> {
    this.destroyed = true;
    const reason = typeof error === 'function' ? null : error;
    return Promise.all(this.clients.map((client) => client.destroy(reason))).then(callback);
  }

  private freest(): Client {
    let freest: Client | undefined;
    let fewest = Infinity;
    for (const client of this.clients) {
      const { size } = client.stats;
      if (size < fewest) [freest, fewest] = [client, size];
    }
    if (freest && (fewest === 0 || this.clients.length >= CONNECTIONS_PER_SERVER)) return freest;
    const client = this.open();
    this.clients.push(client);
    return client;
  }

  /** What happens to its connection is told on: the Agent lets go of a server without any. */
  private open(): Client {
    return new Client(this.origin, this.options)
      .on('connect', (origin, targets) => this.emit('connect', origin, [this, ...targets]))
      .on('disconnect', (origin, targets, error) => this.emit('disconnect', origin, [this, ...targets], error))
      .on('connectionError', (origin, targets, error) =>
        this.emit('connectionError', origin, [this, ...targets], error)
      );
  }
}
