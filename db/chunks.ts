import { and, desc, eq, gt, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Instrument } from '../src/market/instrument.ts'
import type { TimeRange } from '../src/market/time.ts'
import type { Backfill, BackfillStore, Chunk } from '../src/ports/backfills.ts'
import { findBackfill } from './backfillRows.ts'
import { backfills, chunks, instruments } from './schema.ts'
import type { Session } from './session.ts'

type ChunkStore = Omit<BackfillStore, 'create' | 'find' | 'list' | 'cancel'>

export const chunkStore = (session: Session): ChunkStore => ({
  async nextWaiting(now) {
    const [chunk] = await selectChunks(session)
      .where(and(IS_WAITING, lte(chunks.notBefore, now), IS_NOT_UNDER_WAY))
      .orderBy(desc(chunks.from), chunks.id)
      .limit(1)
    return chunk ? chunkOf(chunk) : null
  },

  async chunk(id) {
    const [chunk] = await selectChunks(session).where(eq(chunks.id, id))
    return chunk ? chunkOf(chunk) : null
  },

  waitingCount: () => session.orm.$count(chunks, IS_WAITING).then(Number),
  queuedCount: () => session.orm.$count(chunks, IS_QUEUED).then(Number),

  markQueued: async (id) =>
    (await update(session, and(eq(chunks.id, id), IS_WAITING), { state: 'queued' })) > 0,

  markDone: (id) => end(session, id, { state: 'done', attempts: ONE_MORE_ATTEMPT }),

  markEmpty: (id) =>
    end(session, id, {
      state: 'empty',
      attempts: ONE_MORE_ATTEMPT,
      emptyAnswers: ONE_MORE_EMPTY_ANSWER,
    }),

  markFailed: (id, reason) =>
    end(session, id, { state: 'failed', attempts: ONE_MORE_ATTEMPT, lastError: reason }),

  async markWaiting(id, notBefore, outcome, reason) {
    await update(session, isOpen(id), {
      state: BACK_TO_WAITING,
      notBefore,
      lastError: reason,
      ...(outcome === 'unsent' ? {} : { attempts: ONE_MORE_ATTEMPT }),
      ...(outcome === 'empty' ? { emptyAnswers: ONE_MORE_EMPTY_ANSWER } : {}),
    })
  },

  recover: () => update(session, IS_QUEUED, { state: BACK_TO_WAITING }),

  openRanges: (instrument) => rangesOf(session, instrument, IS_OPEN),
  doneRanges: (instrument, { from, to }) =>
    rangesOf(session, instrument, and(eq(chunks.state, 'done'), lt(chunks.from, to), gt(chunks.to, from))),
})

const rangesOf = ({ orm }: Session, { id }: Instrument, which: SQL | undefined): Promise<TimeRange[]> =>
  orm
    .select({ from: chunks.from, to: chunks.to })
    .from(chunks)
    .innerJoin(backfills, eq(backfills.id, chunks.backfill))
    .where(and(eq(backfills.instrument, id), which))
    .orderBy(chunks.from)

// Written out, so that the partial indexes are used.
const IS_WAITING = sql`${chunks.state} = 'waiting'`
const IS_QUEUED = sql`${chunks.state} = 'queued'`

const IS_OPEN = or(IS_WAITING, IS_QUEUED)

/** No queued chunk of the same instrument overlaps it. */
const IS_NOT_UNDER_WAY = sql`not exists (
  select from chunks as other join backfills as theirs on theirs.id = other.backfill
  where other.state = 'queued' and theirs.instrument = ${backfills.instrument}
    and other.starts < ${chunks.to} and other.ends > ${chunks.from}
)`

const isOpen = (id: string) => and(eq(chunks.id, id), IS_OPEN)

const ONE_MORE_ATTEMPT = sql`${chunks.attempts} + 1`
const ONE_MORE_EMPTY_ANSWER = sql`${chunks.emptyAnswers} + 1`

/** Unless its backfill is cancelled. `for share` waits for whoever cancels it at this moment. */
const BACK_TO_WAITING = sql`(
  select case when cancelled then 'cancelled' else 'waiting' end
  from ${backfills} where ${backfills.id} = ${chunks.backfill} for share
)`

type Changes = Parameters<ReturnType<Session['orm']['update']>['set']>[0]

/** Resolves with the number of chunks changed. */
async function update({ orm }: Session, which: SQL | undefined, changes: Changes): Promise<number> {
  const changed = await orm.update(chunks).set(changes).where(which).returning({ id: chunks.id })
  return changed.length
}

/**
 * Ends a chunk that is open. Of two that end at once, one sees the other's end: the row of their backfill is locked
 * before, by a statement of its own, and whoever cancels it takes the same way.
 */
function end(session: Session, id: string, changes: Changes): Promise<Backfill | null> {
  return session.atomically(async (transaction) => {
    const [locked] = await transaction.rows<[id: string]>(
      'select id from backfills where id = (select backfill from chunks where id = $1) for update',
      [id],
    )
    const changed = await update(transaction, isOpen(id), changes)
    const backfill = changed > 0 ? await findBackfill(transaction, locked![0]) : null
    return backfill?.state === 'done' || backfill?.state === 'failed' ? backfill : null
  })
}

type Row = Awaited<ReturnType<typeof selectChunks>>[number]

const selectChunks = ({ orm }: Session) =>
  orm
    .select({ chunk: chunks, session: backfills.session, instrument: instruments })
    .from(chunks)
    .innerJoin(backfills, eq(backfills.id, chunks.backfill))
    .innerJoin(instruments, eq(instruments.id, backfills.instrument))
    .$dynamic()

/** Backfills are made of seconds. */
const chunkOf = ({ chunk, session, instrument }: Row): Chunk => ({
  id: chunk.id,
  backfillId: chunk.backfill,
  instrument,
  session,
  size: '1s',
  from: chunk.from,
  to: chunk.to,
  attempts: chunk.attempts,
  emptyAnswers: chunk.emptyAnswers,
})
