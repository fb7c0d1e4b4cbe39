import js from '@eslint/js';
import globals from 'globals';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

/** The directions in which imports may point (docs/architecture.md). `deny` lists what a folder must not see. */
const folder = (files, deny, extra = {}) => ({
  files,
  ignores: ['**/*.test.ts', '**/*.test.tsx', '**/*.fixture.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: deny, message: 'This folder may not import that (docs/architecture.md: data flows one way).' },
        ],
      },
    ],
    ...extra,
  },
});
const NODE = ['node:*'];
const NET = ['express', 'undici', 'prom-client', '@kubernetes/*', 'pino'];
const ours = (...names) => names.flatMap((name) => [`**/${name}/**`, `../${name}/*`]);
/** Pure code gets the time and chance as arguments. */
const PURE = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Pure code gets the time as an argument.' },
    { object: 'Math', property: 'random', message: 'Pure code gets chance as an argument.' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'Pure code gets the time as an argument.',
    },
  ],
};
const EVERYONE_DENIES = ['**/main', '**/provisioning/**'];

export default ts.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '.cache/**', 'coverage/**', 'artifacts/**'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      complexity: ['error', 15],
      'max-depth': ['error', 4],
    },
  },
  {
    files: ['scripts/**', 'demo/src/program*', 'exporter/src/cli/**', '**/*.bench.*', '.config/**'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.test.ts', '**/*.test.tsx', 'test/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.cjs', 'jest.config.js', 'test/support/*.js'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
    languageOptions: { globals: { ...globals.node, ...globals.commonjs } },
  },
  {
    files: ['datasource-plugin/src/**', 'panel-plugin/src/**'],
    plugins: { 'react-hooks': hooks },
    languageOptions: { globals: { ...globals.browser } },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },

  {
    ...folder(['contract/src/**'], [], PURE),
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '^(?!\\./)', message: 'contract imports nothing.' }] }],
      ...PURE,
    },
  },
  {
    files: ['contract/src/translation/**', 'contract/src/frames/**'],
    rules: {
      // Their tables say what becomes of which metric, and what stands in which field, in the words of the vocabulary.
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\./|\\.\\./(metrics|vocabulary)/)', message: 'contract imports nothing.' }] },
      ],
    },
  },
  folder(
    ['exporter/src/config/**'],
    [...EVERYONE_DENIES, ...ours('sources', 'domain', 'families', 'exposition', 'http', 'rules')]
  ),
  folder(
    ['exporter/src/mapping/**'],
    [
      ...EVERYONE_DENIES,
      ...NODE,
      ...NET,
      ...ours('sources', 'domain', 'families', 'exposition', 'http', 'rules', 'config', 'log'),
    ],
    PURE
  ),
  folder(
    ['exporter/src/sources/**'],
    [...EVERYONE_DENIES, ...ours('families', 'exposition', 'http', 'rules', 'config')]
  ),
  folder(
    ['exporter/src/domain/**'],
    [
      ...EVERYONE_DENIES,
      ...NODE,
      ...NET,
      ...ours('sources', 'families', 'exposition', 'http', 'rules', 'config', 'log'),
    ],
    PURE
  ),
  folder(
    ['exporter/src/families/**'],
    [...EVERYONE_DENIES, ...NODE, ...NET, ...ours('sources', 'exposition', 'http', 'rules', 'config', 'log')],
    PURE
  ),
  folder(
    ['exporter/src/joins/**'],
    [
      ...EVERYONE_DENIES,
      ...NET,
      ...ours('sources', 'families', 'exposition', 'http', 'rules', 'config', 'log', 'mapping', 'profile'),
    ]
  ),
  folder(
    ['exporter/src/forwarding/**'],
    [...EVERYONE_DENIES, ...NET, ...ours('families', 'exposition', 'http', 'rules', 'config', 'log', 'profile')]
  ),
  folder(
    ['exporter/src/responder/**'],
    [
      ...EVERYONE_DENIES,
      // Keys are hashes.
      'node:*',
      '!node:crypto',
      ...NET,
      ...ours('sources', 'families', 'exposition', 'http', 'rules', 'config', 'log', 'profile', 'events'),
    ],
    PURE
  ),
  folder(
    ['exporter/src/exposition/**'],
    [
      ...EVERYONE_DENIES,
      ...NET,
      '@modelwatch/*',
      ...ours('sources', 'domain', 'families', 'http', 'rules', 'config', 'log'),
    ]
  ),
  folder(
    ['exporter/src/expressions/**'],
    [
      ...EVERYONE_DENIES,
      ...NET,
      ...ours('sources', 'domain', 'families', 'exposition', 'http', 'rules', 'config', 'log'),
    ],
    PURE
  ),
  folder(['exporter/src/http/**'], [...EVERYONE_DENIES, '@kubernetes/*', ...ours('sources', 'rules', 'config')]),
  folder(
    ['exporter/src/rules/**'],
    [
      ...EVERYONE_DENIES,
      ...NODE,
      ...NET,
      ...ours('sources', 'domain', 'families', 'exposition', 'http', 'config', 'log'),
    ],
    PURE
  ),
  folder(
    ['exporter/src/profile/**'],
    [
      ...EVERYONE_DENIES,
      // Its identity is a hash.
      'node:*',
      '!node:crypto',
      ...NET,
      ...ours('sources', 'families', 'exposition', 'http', 'rules', 'config', 'log'),
    ],
    PURE
  ),
  folder(
    ['exporter/src/log/**'],
    [...EVERYONE_DENIES, ...ours('sources', 'domain', 'families', 'exposition', 'http', 'rules', 'config')]
  ),
  folder(
    ['exporter/src/report/**'],
    [
      ...EVERYONE_DENIES,
      ...NODE,
      ...NET,
      ...ours('domain', 'families', 'exposition', 'http', 'rules', 'config', 'responder', 'profile', 'mapping'),
      // Of the sources it reads Prometheus alone.
      '**/sources/*/**',
      '!**/sources/prometheus/**',
    ],
    PURE
  ),
  folder(['demo/src/**'], ['modelwatch', '**/exporter/**', '**/*-plugin/**']),
  folder(
    ['datasource-plugin/src/query/**'],
    ['@grafana/*', 'react', 'rxjs', ...ours('api', 'frames', 'editors'), '**/panel-plugin/**', '**/exporter/**'],
    PURE
  ),
  folder(
    ['datasource-plugin/src/frames/**'],
    ['@grafana/runtime', '@grafana/ui', 'react', ...ours('api', 'editors'), '**/panel-plugin/**', '**/exporter/**'],
    PURE
  ),
  folder(
    ['datasource-plugin/src/api/**'],
    ['@grafana/ui', 'react', ...ours('editors'), '**/panel-plugin/**', '**/exporter/**']
  ),
  folder(['datasource-plugin/src/editors/**'], ['**/panel-plugin/**', '**/exporter/**']),
  folder(
    ['panel-plugin/src/model/**'],
    [
      '@grafana/runtime',
      '@grafana/ui',
      'react',
      ...ours('layout', 'views', 'workbench'),
      '**/datasource-plugin/**',
      '**/exporter/**',
    ],
    PURE
  ),
  folder(
    ['panel-plugin/src/layout/**'],
    ['@grafana/*', 'react', ...ours('views', 'workbench'), '**/datasource-plugin/**', '**/exporter/**'],
    PURE
  ),
  folder(['panel-plugin/src/views/**'], [...ours('workbench'), '**/datasource-plugin/**', '**/exporter/**'])
);
