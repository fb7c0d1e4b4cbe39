/**
 * YAML for the scripts, loaded late: a script that imports this at its top must still be able to install it first.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
export const parse = (text) => require('yaml').parse(text);
export const stringify = (value) => require('yaml').stringify(value);
