import { defineConfig } from 'vitest/config';

// Container tests need an engine and run apart: `npm run test:docker`.
export default defineConfig({
  test: {
    include: process.env['DTEST_DOCKER'] === '1' ? ['**/*.docker.test.ts'] : ['**/*.test.ts'],
    exclude: [
      'node_modules/**',
      'dist/**',
      ...(process.env['DTEST_DOCKER'] === '1' ? [] : ['**/*.docker.test.ts']),
    ],
    maxWorkers: 2,
    // Real clusters on two busy cores; a test that hangs still ends.
    testTimeout: 60_000,
  },
});
