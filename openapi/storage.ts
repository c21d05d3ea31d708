import { z } from 'zod'
import { count } from './fields.ts'
import { operation } from './operation.ts'

const table = z
  .strictObject({
    name: z.string(),
    bytes: count.describe('With its indexes; of a partitioned table the sum of its months.'),
    rows: count.describe("By the database's statistics: right within some per cent."),
  })
  .meta({ id: 'TableSize' })

const forecast = z
  .strictObject({
    bytesPerDay: count.describe('Growth a calendar day, while new seconds stay rows.'),
    bytesIn30Days: count,
    bytesIn365Days: count.describe('With the months that `RETENTION` will have archived by then.'),
  })
  .meta({
    id: 'StorageForecast',
    description: "The whole database, if seconds keep coming as in each instrument's last week.",
  })

export const getStorage = operation({
  method: 'get',
  path: '/v1/storage',
  operationId: 'getStorage',
  tag: 'Operations',
  summary: 'How much is stored, and how fast it grows',
  description:
    'Seconds are rows until their month is older than `RETENTION`, then compressed columns of a day. Nothing is ever ' +
    'deleted by that, and every answer stays the same.',
  access: 'read',
  answers: {
    200: {
      description: 'Bytes by table, largest first, and a forecast.',
      schema: z
        .strictObject({
          bytes: count.describe('The whole database.'),
          tables: z.array(table),
          seconds: z.strictObject({ rows: count, archived: count, archivedDays: count }),
          retentionDays: count.nullable().describe('`RETENTION` in days; null: every second stays a row.'),
          forecast,
        })
        .meta({ id: 'StorageUse' }),
      example: {
        bytes: 21_000_000,
        tables: [{ name: 'second_bars', bytes: 11_800_000, rows: 117_000 }],
        seconds: { rows: 117_000, archived: 0, archivedDays: 0 },
        retentionDays: null,
        forecast: { bytesPerDay: 1_700_000, bytesIn30Days: 72_000_000, bytesIn365Days: 641_500_000 },
      },
    },
  },
  problems: [503],
})
