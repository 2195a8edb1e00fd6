import tseslint from 'typescript-eslint';

// Only these folders may touch the world. All others take a Clock and an Rng, so that the simulator
// can own both.
const outside = [
  'systems/',
  'checkers/linearizability/workers.ts',
  // Between two events of virtual time it waits until all promises have gone on.
  'simulator/virtual-time.ts',
  'reports/package-files.ts',
  'host/',
  'local/',
  'load/',
  'docker/',
  'store/',
  'serve/',
  'cli/',
  'bench/',
  'bin/',
  '**/*.test.ts',
  '**/testing/**',
  '**/*.bench.ts',
];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'coverage/', 'store/*/', '*.config.js', '*.config.ts'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // Its advice, the `!` assertion, is what the strict rules forbid.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      'max-params': ['error', 4],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'assert', message: 'Throw an Error that says what was expected.' }] },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: outside.map((each) => (each.endsWith('/') ? `${each}**` : each)),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*'], message: 'I/O lives in host/, local/, docker/, store/ and cli/.' },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'process',
        'performance',
        'Buffer',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take a Clock.' },
        { object: 'Math', property: 'random', message: 'Take an Rng.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.bench.ts', '**/testing/**'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', 500],
    },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
