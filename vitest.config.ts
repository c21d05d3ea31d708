import { defineConfig } from 'vitest/config'
import { CountReporter } from './tests/support/countReporter.ts'

const within = (...folders: string[]): string[] => folders.map((folder) => `tests/${folder}/**/*.test.ts`)

const PURE = [
  ...within(
    'access',
    'market',
    'execution',
    'strategy',
    'engine',
    'backtest',
    'chart',
    'research',
    'events',
    'clock',
    'gateway/pure',
    'simulator/pure',
    'collection/pure',
    'webhook/pure',
    'openapi',
    'support',
    'trading/pure',
    'image',
  ),
  'tests/*.test.ts',
]
const WIRE = within(
  'gateway',
  'simulator',
  'webhook/wire',
  'embedded',
  'soak',
  'tradingDays',
  'command',
  'sweep',
)

export default defineConfig({
  test: {
    reporters: ['default', new CountReporter()],
    maxWorkers: 2,
    projects: [
      {
        // Pure floors share one process: they keep no state between files.
        test: { name: 'pure', include: PURE, isolate: false, pool: 'threads', testTimeout: 30_000 },
      },
      {
        // Sockets, files and processes of their own; no database.
        test: {
          name: 'wire',
          include: WIRE,
          exclude: PURE,
          pool: 'forks',
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // A real PostgreSQL, started once, a fresh database for each file. Files share the modules of a process: to load
        // them anew for each takes minutes.
        test: {
          name: 'real',
          include: within('**'),
          exclude: [...PURE, ...WIRE],
          isolate: false,
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: './tests/support/globalSetup.ts',
        },
      },
    ],
  },
})
