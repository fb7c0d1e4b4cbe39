/** The version of the package, read once from its package.json (beside dist in the package, beside src in tests). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '@modelwatch/contract';

export const VERSION = decode.object({ version: decode.string })(
  JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'))
).version;
