/** Runs so many requests at a time; more are told to come back. */
import type { RequestHandler } from 'express';
import { HttpError } from '../errors';

/** @param refused called for each request that was one too many */
export function atMost(
  max: () => number,
  refused: () => void,
  handler: RequestHandler,
  what = 'scrapes'
): RequestHandler {
  let running = 0;
  return (request, response, next) => {
    if (running >= max()) {
      refused();
      throw new HttpError(503, 'busy', `There are ${running} ${what} already: come back.`, { 'Retry-After': '1' });
    }
    running += 1;
    response.once('close', () => {
      running -= 1;
    });
    return handler(request, response, next);
  };
}
