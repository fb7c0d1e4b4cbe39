/** One runner for every package. Unit tests stand beside their file; what needs more than one package is in test/. */
module.exports = {
  rootDir: __dirname,
  testMatch: ['<rootDir>/**/*.test.ts', '<rootDir>/**/*.test.tsx'],
  // These need programs that are in no registry, gigabytes, or minutes; their scripts (npm run test:grafana,
  // test:servers, test:kafka, test:mutants, test:slow) set the variable and name the files.
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '/.cache/',
    ...(process.env.MODELWATCH_EXTRA ? [] : ['/test/extra/', '/test/servers/', '-(mutants|slow)\\.test\\.ts$']),
    // What npm test runs after everything else, by itself.
    ...(process.env.TESTS_LEFT_OUT ? process.env.TESTS_LEFT_OUT.split(',') : []),
  ],
  modulePathIgnorePatterns: ['<rootDir>/.cache/', '/dist/'],
  transform: {
    '^.+\\.m?(t|j)sx?$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'classic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Grafana's packages and a few of their dependencies ship ES modules only.
  transformIgnorePatterns: [
    'node_modules/(?!(@grafana|@marcbachmann|@wojtekmaj|d3|d3-[a-z-]+|eld|internmap|delaunator|robust-predicates|get-user-locale|marked|memoize|mimic-function|ol|react-calendar|react-colorful|rxjs|uuid|@openfeature|react-data-grid|leven|tslib)/)',
  ],
  moduleNameMapper: {
    '^@modelwatch/contract$': '<rootDir>/contract/src/index.ts',
    '^@modelwatch/demo$': '<rootDir>/demo/src/index.ts',
    // It says where it is to those who import it only.
    '^eld/extrasmall$': '<rootDir>/node_modules/eld/src/entries/static.extrasmall.js',
    '^react-inlinesvg$': '<rootDir>/test/support/inline-svg-stub.js',
    '\\.(css|scss|svg)$': '<rootDir>/test/support/style-stub.js',
  },
  setupFiles: ['<rootDir>/test/support/browser-globals.js'],
  testTimeout: 20000,
};
