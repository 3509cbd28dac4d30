import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const timeoutScale = Number(process.env.FORKMAP_TIMEOUT_SCALE ?? 1);

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: availableParallelism(),
    testTimeout: 20_000 * timeoutScale,
    hookTimeout: 20_000 * timeoutScale,
    // The built packages run as Node runs them, untouched by vite.
    server: { deps: { external: [/\/packages\/[^/]+\/(dist|bundle)\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'parallel',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/serial/**', '**/node_modules/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // What measures the process or the machine: one file at a time, with nothing beside it.
        extends: true,
        test: {
          name: 'serial',
          include: ['test/serial/**/*.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
