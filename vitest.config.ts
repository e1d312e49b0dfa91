// Two projects: `unit` is quick, needs nothing and is part of `npm run check`; `integration` runs
// real commands, real kernel trees and the documents' transcripts, and is part of `npm test` only.

import { defineConfig } from 'vitest/config';

// Both processors: most tests wait for commands that they run.
const shared = { pool: 'threads', isolate: false, maxWorkers: 2 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/house/**/*.test.ts', 'test/oracle/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          globalSetup: ['test/build-once.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/house/**', 'test/oracle/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
