import { defineConfig } from 'vitest/config';

// Three suites: plain tests need nothing but Node.js; container tests need a Docker engine; the package
// test needs a package registry. `npm test`, `npm run test:docker`, `npm run test:package`.
const suites: Readonly<Record<string, string>> = {
  docker: '**/*.docker.test.ts',
  package: '**/*.package.test.ts',
};
const suite = process.env['DTEST_SUITE'];

export default defineConfig({
  test: {
    include: [suites[suite ?? ''] ?? '**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**', ...(suite === undefined ? Object.values(suites) : [])],
    maxWorkers: 2,
    // Real clusters on two busy cores; a test that hangs still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
