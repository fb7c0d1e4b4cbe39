/** What the ways to the API server have in common. */
import type { Dispatcher } from 'undici';
import type { Tls } from './connect';

/** Everything for one request. The dispatcher is kept and shared until the trust or the certificate changes. */
export interface Access {
  /** Address of the API server without trailing slash; may hold a path prefix. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** Reads what is on disk or from a credential plugin. */
export type AccessReader = () => Promise<{
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Tls;
  readonly proxy: string | undefined;
}>;
