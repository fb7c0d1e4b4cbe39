/**
 * Bodies of the Open Inference Protocol whose tensors follow the JSON as raw bytes, one after the other, as Triton's and
 * KServe's clients send them: the header Inference-Header-Content-Length says where the JSON ends, and of each tensor the
 * parameter `binary_data_size` how many bytes are its own. Source: KServe's documentation, "Binary Tensor Data Extension".
 */
import { DecodeError, isObject, preview } from '@modelwatch/contract';
import { contentType, headerOf, UnreadableRequest, type EventRequest } from './format';
import { parseJson } from './json-text';
import { rawValues } from './raw-tensor';

const LENGTH_HEADER = 'inference-header-content-length';
/** More digits than any body has bytes. */
const MOST_LENGTH_CHARACTERS = 20;
const [QUOTE, BACKSLASH, OPEN, CLOSE] = [...'"\\{}'].map((each) => each.charCodeAt(0));

export function mayBeBinary(headers: EventRequest['headers']): boolean {
  return headerOf(headers, LENGTH_HEADER) !== undefined || contentType(headers) === 'application/octet-stream';
}

/** Of the headers, those that say how the body is read, and nothing else that a sender may have written there. */
export function binaryHeaders(headers: EventRequest['headers']): EventRequest['headers'] {
  const length = headerOf(headers, LENGTH_HEADER);
  if (length !== undefined) return { [LENGTH_HEADER]: length.trim().slice(0, MOST_LENGTH_CHARACTERS) };
  return mayBeBinary(headers) ? { 'content-type': contentType(headers) } : {};
}

/** As the JSON of the protocol, with `data` in each tensor. @throws DecodeError, UnreadableRequest */
export function binaryInference(body: Buffer, headers: EventRequest['headers'], place: string): unknown {
  const end = jsonLength(body, headerOf(headers, LENGTH_HEADER));
  const value = parseJson(body.toString('utf8', 0, end));
  if (!isObject(value)) return value;
  const list = value['inputs'] === undefined ? 'outputs' : 'inputs';
  const tensors = value[list];
  if (!Array.isArray(tensors)) return value;
  let at = end;
  const read = tensors.map((tensor: unknown, index) => {
    const size = sizeOf(tensor);
    if (size === undefined || !isObject(tensor)) return tensor;
    const where = `${place}${list}[${index}]`;
    if (at + size > body.length) {
      const wanted = `at most the ${body.length - at} bytes that are left of the body`;
      throw new DecodeError(`${where}.parameters.binary_data_size`, size, wanted);
    }
    const bytes = body.subarray(at, (at += size));
    const data = rawValues(String(tensor['datatype']), bytes);
    if (data) return { ...tensor, data };
    throw new DecodeError(`${where}.datatype`, tensor['datatype'], 'a type of the Open Inference Protocol');
  });
  if (at < body.length)
    throw new DecodeError(`${place}${list}`, `${body.length - at} bytes more`, 'no bytes after the last tensor');
  return { ...value, [list]: read };
}

function sizeOf(tensor: unknown): number | undefined {
  const parameters = isObject(tensor) ? tensor['parameters'] : undefined;
  const size = isObject(parameters) ? parameters['binary_data_size'] : undefined;
  return Number.isSafeInteger(size) && Number(size) >= 0 ? Number(size) : undefined;
}

/** A logger between may have left the header out: the JSON ends where its object does. */
function jsonLength(body: Buffer, told: string | undefined): number {
  if (told === undefined) return objectLength(body);
  const length = told.trim() === '' ? NaN : Number(told);
  if (Number.isSafeInteger(length) && length >= 0 && length <= body.length) return length;
  throw new UnreadableRequest(
    `${LENGTH_HEADER}: expected at most the ${body.length} bytes of the body, got ${preview(told)}`
  );
}

function objectLength(body: Buffer): number {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE && --depth === 0) return at + 1;
  }
  return body.length;
}
