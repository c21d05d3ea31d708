import type { RejectedBar } from '../market/badValue.ts'
import type { Instrument } from '../market/instrument.ts'
import { BarSeries } from '../market/series.ts'
import { type SessionKind, sessionsBetween } from '../market/session.ts'
import { type Clock, type EpochMs, earlier, type TimeRange } from '../market/time.ts'
import type { Delivery, IngestCounts } from '../ports/bars.ts'
import type { BarImports, Imported } from '../ports/imports.ts'
import type { Storage } from '../ports/storage.ts'
import type { Stores } from '../ports/stores.ts'
import type { ImportSize } from './barLine.ts'
import { type Inspection, inspect } from './inspect.ts'
import { type ReadLine, readBars } from './readBars.ts'
import { type Spooled, spooled } from './spool.ts'

export interface ImportDeps {
  /** On connections of their own: a long import must hold up nobody. */
  readonly stores: Stores
  readonly storage: Pick<Storage, 'prepare'>
  readonly market: Clock
}

/** Imports wait for one another, not for slow clients: a body is on disk before its turn comes. */
export function barImports(deps: ImportDeps): BarImports {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    async run(instrument, size, body) {
      const file = await spooled(body)
      const imported = turn.then(() => importFile(deps, file, instrument, size))
      turn = imported.catch(() => {})
      return imported.finally(() => file.remove())
    },
  }
}

/** Everything is looked at before anything is written. */
async function importFile(
  deps: ImportDeps,
  file: Spooled,
  instrument: Instrument,
  size: ImportSize,
): Promise<Imported> {
  const now = deps.market.now()
  const read = () => readBars(file.read(), { size, now })
  const inspection = await inspect(read(), size)
  if ('faults' in inspection) return inspection
  // Making a month locks the table against readers until the transaction ends: not for as long as this one.
  if (size === '1s' && inspection.span !== null) await deps.storage.prepare(inspection.span)
  const written = await deps.stores.transaction(async (stores) => {
    const counts = await load(stores, instrument, size, read(), {
      source: 'import',
      request: file.id,
      at: now,
    })
    await cover(stores, instrument, size, inspection, now)
    return counts
  })
  const { received, quarantined, rejected } = inspection
  return { kind: 'imported', counts: { received, ...written, quarantined, rejected } }
}

const BARS_PER_BATCH = 50_000

/** Stores bars as they are read, so that a file of any length takes the memory of one batch. */
async function load(
  { bars }: Stores,
  instrument: Instrument,
  size: ImportSize,
  lines: AsyncIterable<readonly ReadLine[]>,
  origin: Omit<Delivery, 'rejected'>,
): Promise<IngestCounts> {
  let total: IngestCounts = { inserted: 0, updated: 0, unchanged: 0 }
  for await (const { series, rejected } of batchesOf(lines)) {
    total = sum(total, await bars.load(instrument, size, series, { ...origin, rejected }))
  }
  return total
}

interface Batch {
  readonly series: BarSeries
  readonly rejected: RejectedBar[]
}

const emptyBatch = (): Batch => ({ series: new BarSeries(BARS_PER_BATCH), rejected: [] })

async function* batchesOf(lines: AsyncIterable<readonly ReadLine[]>): AsyncGenerator<Batch> {
  let batch = emptyBatch()
  for await (const chunk of lines) {
    for (const read of chunk) {
      if ('bar' in read) batch.series.push(read.bar)
      if ('bad' in read) batch.rejected.push(read.bad)
    }
    if (batch.series.length + batch.rejected.length < BARS_PER_BATCH) continue
    yield batch
    batch = emptyBatch()
  }
  if (batch.series.length + batch.rejected.length > 0) yield batch
}

const sum = (a: IngestCounts, b: IngestCounts): IngestCounts => ({
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
})

/**
 * The sessions from the first to the last bar: the regular ones, or with extended hours where the file has any. A
 * session that is still open is covered as far as the bars reach.
 */
async function cover(
  { coverage }: Stores,
  instrument: Instrument,
  size: ImportSize,
  { span, extended }: Inspection,
  now: EpochMs,
): Promise<void> {
  if (span === null) return
  for (const part of coveredParts(span, extended ? 'all' : 'rth', now)) {
    await coverage.mark(instrument, size, part, 'done')
  }
}

/** With extended hours the nights between lie in it too, where nobody trades: one span instead of thousands. */
function coveredParts(span: TimeRange, kind: SessionKind, now: EpochMs): TimeRange[] {
  const sessions = sessionsBetween(span, kind).map(({ from, to }) => ({
    from,
    to: to <= now ? to : earlier(to, span.to),
  }))
  if (kind === 'rth' || sessions.length === 0) return sessions
  return [{ from: sessions[0]!.from, to: sessions.at(-1)!.to }]
}
