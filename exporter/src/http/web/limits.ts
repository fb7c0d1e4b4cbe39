/** What a client may take. Times in milliseconds. */
export interface WebLimits {
  /** Request line and headers together. */
  readonly headerBytes: number;
  readonly headers: number;
  readonly urlCharacters: number;
  /** For the headers to arrive, from the first moment of the connection. */
  readonly headersMs: number;
  /** For the whole request to arrive. */
  readonly requestMs: number;
  /** For the whole answer to be taken. */
  readonly answerMs: number;
  /** Without a byte in either direction. */
  readonly silenceMs: number;
  /** Between two requests: longer than a scrape interval, so that a scraper can keep its connection. */
  readonly keepAliveMs: number;
  /** How often the first two times are looked at. */
  readonly checkMs: number;
}

export const WEB_LIMITS: WebLimits = {
  headerBytes: 16_384,
  headers: 100,
  urlCharacters: 8_192,
  headersMs: 10_000,
  requestMs: 30_000,
  answerMs: 120_000,
  silenceMs: 60_000,
  keepAliveMs: 90_000,
  checkMs: 2_000,
};
