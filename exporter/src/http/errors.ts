/** Answers for what goes wrong, in the shape of the contract. A stack never leaves the process. */
import type { ApiError } from '@modelwatch/contract';
import type { ErrorRequestHandler, Response } from 'express';
import type { Log } from '../log/log';

/** An error that the caller is told about, with its HTTP status and a code for programs. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {}
  ) {
    super(message);
    this.name = 'HttpError';
  }
}

function sendError(response: Response, error: HttpError): void {
  const body: ApiError = { error: { code: error.code, message: error.message } };
  response.status(error.status).set(error.headers).json(body);
}

export function errorHandler(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      // Too late for a status: cut the connection, so that half an answer is not taken for a whole one.
      log.error({ err: error, path: request.path }, 'Answer broke off');
      response.destroy();
    } else if (error instanceof HttpError) {
      sendError(response, error);
    } else if (error instanceof URIError) {
      sendError(response, new HttpError(400, 'bad_path', 'path: expected valid percent-encoding'));
    } else {
      log.error({ err: error, path: request.path }, 'Answer failed');
      sendError(response, new HttpError(500, 'internal', 'The exporter could not answer; its log has the cause.'));
    }
  };
}
