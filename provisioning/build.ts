/** `npx tsx provisioning/build.ts` writes the generated files; a test holds that they are what it would write. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './src/files';

for (const [path, text] of Object.entries(generatedFiles())) {
  const file = join(__dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
