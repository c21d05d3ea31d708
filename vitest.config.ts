import { defineConfig } from 'vitest/config'
import { CountReporter } from './tests/support/countReporter.ts'

const PURE = [
  'market',
  'clock',
  'execution',
  'strategy',
  'engine',
  'gateway/pure',
  'simulator/pure',
  'collection/pure',
  'openapi',
  'support',
].map((folder) => `tests/${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    reporters: ['default', new CountReporter()],
    projects: [
      {
        // Pure floors share one process: they keep no state between files.
        test: { name: 'pure', include: [...PURE, 'tests/*.test.ts'], isolate: false, pool: 'threads' },
      },
      {
        // Everything that opens a socket, a file or a database: one process a file, few at a time.
        test: {
          name: 'real',
          include: ['tests/**/*.test.ts'],
          exclude: [...PURE, 'tests/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: './tests/support/globalSetup.ts',
        },
      },
    ],
  },
})
