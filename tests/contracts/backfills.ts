import { beforeEach, expect, test } from 'vitest'
import type { Instrument } from '../../src/market/instrument.ts'
import { MINUTE_MS, plus } from '../../src/market/time.ts'
import type { Backfill, BackfillStore } from '../../src/ports/backfills.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { EVENING, secondAt, spy } from '../support/bars.ts'

type Subject = Pick<Stores, 'backfills' | 'instruments'>

const NOW = secondAt(100_000)
const halfHours = (...starts: number[]) =>
  starts.map((start) => ({ from: secondAt(start * 1_800), to: secondAt((start + 1) * 1_800) }))

/** What any store of backfills does. `open` gives an empty one, asked for before each test. */
export function backfillStoreContract(open: () => Promise<Subject>): void {
  let backfills: BackfillStore
  let instrument: Instrument

  beforeEach(async () => {
    const stores = await open()
    backfills = stores.backfills
    instrument = await stores.instruments.save(spy)
  })

  const create = (...starts: number[]): Promise<Backfill> =>
    backfills.create({
      instrument,
      session: 'rth',
      from: EVENING,
      to: secondAt(36_000),
      createdAt: NOW,
      chunks: halfHours(...starts),
    })

  /** Hands the newest waiting chunk out. */
  const next = async () => {
    const chunk = (await backfills.nextWaiting(NOW))!
    await backfills.markQueued(chunk.id)
    return chunk
  }

  const state = async ({ id }: Backfill) => (await backfills.find(id))?.state

  test('a backfill is found as it was made', async () => {
    const made = await create(0, 1)
    expect(made).toMatchObject({ instrument, session: 'rth', from: EVENING, createdAt: NOW, state: 'queued' })
    expect(made.chunks).toEqual({ total: 2, done: 0, empty: 0, failed: 0 })
    expect(await backfills.find(made.id)).toEqual(made)
    expect(await backfills.find('none')).toBeNull()
  })

  test('made a second time under its id, a backfill stays what it was', async () => {
    const span = { instrument, session: 'rth', from: EVENING, to: secondAt(36_000), createdAt: NOW } as const
    const made = await backfills.create({ ...span, id: 'mine', chunks: halfHours(0, 1) })
    expect(made.id).toBe('mine')
    expect(await backfills.create({ ...span, id: 'mine', chunks: halfHours(2) })).toEqual(made)
    expect(await backfills.list({ limit: 10 })).toEqual([made])
  })

  test('a backfill without chunks is done at birth', async () => {
    expect(await create()).toMatchObject({ state: 'done', chunks: { total: 0 } })
  })

  test('the list is newest first, a page at a time', async () => {
    const made = [await create(), await create(0), await create()].reverse()
    expect(await backfills.list({ limit: 10 })).toEqual(made)
    expect(await backfills.list({ limit: 2 })).toEqual(made.slice(0, 2))
    expect(await backfills.list({ limit: 2, after: made[1]!.id })).toEqual(made.slice(2))
  })

  test('chunks of all backfills are one line, newest first', async () => {
    const [first, second] = [await create(1, 3), await create(0, 2)]
    const line = [await next(), await next(), await next(), await next()]
    expect(line.map(({ from }) => from)).toEqual([3, 2, 1, 0].map((start) => secondAt(start * 1_800)))
    expect(line.map(({ backfillId }) => backfillId)).toEqual([first.id, second.id, first.id, second.id])
    expect(line[0]).toMatchObject({ instrument, size: '1s', session: 'rth', attempts: 0, emptyAnswers: 0 })
    expect(await backfills.nextWaiting(NOW)).toBeNull()
    expect([await backfills.queuedCount(), await backfills.waitingCount()]).toEqual([4, 0])
  })

  test('a backfill runs from its first chunk on and is done with its last', async () => {
    const made = await create(0, 1, 2)
    const chunk = await next()
    expect(await state(made)).toBe('running')
    await backfills.markDone(chunk.id)
    await backfills.markEmpty((await next()).id)
    expect(await state(made)).toBe('running')
    await backfills.markDone((await next()).id)
    expect(await backfills.find(made.id)).toMatchObject({
      state: 'done',
      chunks: { total: 3, done: 2, empty: 1, failed: 0 },
    })
  })

  test('one failed chunk fails the backfill, once nothing is left to do', async () => {
    const made = await create(0, 1)
    await backfills.markFailed((await next()).id, 'refused')
    expect(await state(made)).toBe('running')
    await backfills.markDone((await next()).id)
    expect(await backfills.find(made.id)).toMatchObject({ state: 'failed', chunks: { done: 1, failed: 1 } })
  })

  test('the chunk that finishes a backfill is told it, once', async () => {
    const made = await create(0, 1, 2)
    const chunks = [await next(), await next(), await next()]
    expect(await backfills.markEmpty(chunks[0]!.id)).toBeNull()
    expect(await backfills.markFailed(chunks[1]!.id, 'refused')).toBeNull()
    const last = await backfills.markDone(chunks[2]!.id)
    expect(last).toEqual(await backfills.find(made.id))
    expect(last).toMatchObject({ state: 'failed', chunks: { total: 3, done: 1, empty: 1, failed: 1 } })
    expect(await backfills.markDone(chunks[2]!.id)).toBeNull()
  })

  test('of chunks that end at the same time one finishes the backfill', async () => {
    await create(0, 1, 2)
    const chunks = [await next(), await next(), await next()]
    const ended = await Promise.all(chunks.map(({ id }) => backfills.markDone(id)))
    expect(ended.filter((backfill) => backfill !== null)).toMatchObject([{ chunks: { done: 3 } }])
  })

  test.each([
    ['unsent', { attempts: 0, emptyAnswers: 0 }],
    ['failed', { attempts: 1, emptyAnswers: 0 }],
    ['empty', { attempts: 1, emptyAnswers: 1 }],
    ['partial', { attempts: 1, emptyAnswers: 0 }],
  ] as const)('a chunk put back as %s counts so, and waits until it may run', async (outcome, counters) => {
    await create(0)
    const chunk = await next()
    const later = plus(NOW, MINUTE_MS)
    await backfills.markWaiting(chunk.id, later, outcome, 'why')
    expect(await backfills.chunk(chunk.id)).toEqual({ ...chunk, ...counters })
    expect(await backfills.nextWaiting(NOW)).toBeNull()
    expect((await backfills.nextWaiting(later))?.id).toBe(chunk.id)
  })

  test('an older chunk goes before a newer one that may not run yet', async () => {
    await create(0, 1)
    await backfills.markWaiting((await next()).id, plus(NOW, MINUTE_MS), 'failed', 'why')
    expect((await backfills.nextWaiting(NOW))?.from).toBe(secondAt(0))
  })

  test('a span that is being fetched for one backfill is passed over in another', async () => {
    await create(0)
    await create(0)
    await backfills.markQueued((await next()).id)
    expect(await backfills.nextWaiting(NOW)).toBeNull()
  })

  test('nothing waits in an empty line', async () => {
    expect(await backfills.nextWaiting(NOW)).toBeNull()
    expect(await backfills.chunk('none')).toBeNull()
    expect(await backfills.waitingCount()).toBe(0)
  })

  test('a chunk is queued once', async () => {
    await create(0)
    const chunk = (await backfills.nextWaiting(NOW))!
    const queued = await Promise.all([1, 2, 3].map(() => backfills.markQueued(chunk.id)))
    expect(queued.filter(Boolean)).toHaveLength(1)
  })

  test('cancelling takes the waiting chunks out of the line and lets a queued one end', async () => {
    const made = await create(0, 1, 2)
    const queued = await next()
    expect(await backfills.cancel(made.id)).toMatchObject({
      backfill: { id: made.id, state: 'cancelled' },
      changed: true,
    })
    expect(await backfills.cancel(made.id)).toMatchObject({ changed: false })
    expect(await backfills.nextWaiting(NOW)).toBeNull()
    expect(await backfills.queuedCount()).toBe(1)
    expect(await backfills.markDone(queued.id)).toBeNull()
    expect(await backfills.find(made.id)).toMatchObject({ state: 'cancelled', chunks: { total: 3, done: 1 } })
  })

  test('a queued chunk of a cancelled backfill does not come back to wait', async () => {
    const made = await create(0, 1)
    const [queued, left] = [await next(), await next()]
    await backfills.cancel(made.id)
    await backfills.markWaiting(queued.id, NOW, 'failed', 'why')
    expect(await backfills.recover()).toBe(1)
    expect(await backfills.markQueued(left.id)).toBe(false)
    expect(await backfills.waitingCount()).toBe(0)
  })

  test('a finished backfill is not cancelled, an unknown one is null', async () => {
    const made = await create(0)
    await backfills.markDone((await next()).id)
    expect(await backfills.cancel(made.id)).toMatchObject({ backfill: { state: 'done' }, changed: false })
    expect(await backfills.cancel('none')).toBeNull()
  })

  test('chunks that a dead process had queued wait again', async () => {
    await create(0, 1, 2)
    await next()
    await next()
    expect(await backfills.recover()).toBe(2)
    expect([await backfills.queuedCount(), await backfills.waitingCount()]).toEqual([0, 3])
    expect(await backfills.recover()).toBe(0)
  })

  test('done ranges are those of done chunks that a range touches, oldest first', async () => {
    await create(3, 2, 1, 0)
    await backfills.markDone((await next()).id)
    await backfills.markFailed((await next()).id, 'refused')
    await backfills.markDone((await next()).id)
    const range = { from: secondAt(1_800), to: secondAt(4 * 1_800) }
    expect(await backfills.doneRanges(instrument, range)).toEqual(halfHours(1, 3))
    expect(await backfills.doneRanges(instrument, { ...range, to: secondAt(3 * 1_800) })).toEqual(
      halfHours(1),
    )
    expect(await backfills.doneRanges({ ...instrument, id: instrument.id + 1 }, range)).toEqual([])
  })

  test('open ranges are those that wait or are queued, oldest first', async () => {
    await create(2, 0)
    await create(1)
    await backfills.markDone((await next()).id)
    await next()
    expect(await backfills.openRanges(instrument)).toEqual(halfHours(0, 1))
    expect(await backfills.openRanges({ ...instrument, id: instrument.id + 1 })).toEqual([])
  })
}
