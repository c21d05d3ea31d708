import { parseArgs } from 'node:util'
import type { Pool } from 'pg'
import { invalid } from '../src/errors.ts'
import { createLog } from '../src/log.ts'
import type { TimeRange } from '../src/market/time.ts'
import { dayRange } from './archives.ts'
import { openPool } from './connect.ts'
import { atDatabase, conclude } from './maintenance.ts'
import { migrate } from './migrate.ts'
import { openStorage } from './storage.ts'

// `npm run archive -- --before 2026-01` moves the seconds of all months before that one into compressed archives,
// `npm run archive -- --restore 2025-12` moves a month back. What the service answers stays the same.
const log = createLog('warn')

const USAGE = 'Say which months: --before 2026-01 archives all before it, --restore 2025-12 moves one back.'

interface Task {
  readonly verb: 'archived' | 'restored'
  readonly month: TimeRange
}

function taskOf(argv: string[]): Task {
  const { values } = parseArgs({
    args: argv,
    options: { before: { type: 'string' }, restore: { type: 'string' } },
  })
  const { before, restore } = values
  if ((before === undefined) === (restore === undefined)) throw invalid(USAGE)
  return { verb: before ? 'archived' : 'restored', month: monthOf(before ?? restore!) }
}

/** A month of the exchange's calendar. */
function monthOf(text: string): TimeRange {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw invalid(`${text} is no month. ${USAGE}`)
  const { from } = dayRange(`${text}-01`)
  const next = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5)), 1))
  return { from, to: dayRange(next.toISOString().slice(0, 10)).from }
}

async function moveAt(url: string, { verb, month }: Task): Promise<string> {
  await migrate({ url, log })
  const pool: Pool = openPool({ url, purpose: 'jobs', log })
  const storage = openStorage(pool)
  const move = verb === 'archived' ? storage.archive(month.from) : storage.restore(month)
  const { days, seconds } = await move.finally(() => pool.end())
  return `${seconds.toLocaleString('en')} seconds of ${days} days ${verb}.`
}

await conclude(async () => {
  const task = taskOf(process.argv.slice(2))
  console.log(await atDatabase(log, (url) => moveAt(url, task)))
})
