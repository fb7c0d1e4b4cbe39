/**
 * `npm run test:kafka`: the exporter against a real broker of Apache Kafka, apart from `npm test` because it needs Java and
 * Maven, which fetches 46 MB once, into .cache/kafka.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, step } from './lib/say.mjs';
import { cacheFolder, checkNode, compile, ensurePackages, ROOT, run, which } from './lib/setup.mjs';

const KAFKA = '3.9.1';

checkNode();
ensurePackages();
for (const program of ['java', 'mvn']) {
  if (!which(program)) giveUp(`${program} is not here. Install a JDK from 17 on and Maven, then run this again.`);
}
const libraries = ensureKafka();
step('Compiling contract, demo and exporter');
compile('contract', 'demo', 'exporter');
step(`Testing against Kafka ${KAFKA}`);
const jest = spawnSync('npx', ['jest', '--runInBand', '--verbose', 'test/extra/kafka.test.ts'], {
  cwd: ROOT,
  env: { ...process.env, MODELWATCH_EXTRA: '1', MODELWATCH_KAFKA_LIBRARIES: libraries },
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exit(jest.status ?? 1);

/** Folder with the jars of the broker and all that it needs. */
function ensureKafka() {
  const folder = cacheFolder('kafka', KAFKA);
  const done = join(folder, 'complete');
  const jars = join(folder, 'jars');
  if (existsSync(done)) return jars;
  step(`Fetching Kafka ${KAFKA} with Maven`);
  const pom = join(folder, 'pom.xml');
  writeFileSync(
    pom,
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>modelwatch</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA}</version></dependency></dependencies>
</project>
`
  );
  run('mvn', [
    '-q',
    '-B',
    '-f',
    pom,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${jars}`,
    '-DincludeScope=runtime',
  ]);
  writeFileSync(done, '');
  return jars;
}
