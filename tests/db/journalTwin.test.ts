import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { EVENING, secondAt } from '../support/bars.ts'
import { testDatabase } from '../support/database.ts'
import { newExecution, newIntent } from '../support/trading.ts'
import { memoryDatabase } from '../support/twins/database.ts'

const { stores, drop } = await testDatabase()
afterAll(drop)

const RUNS = Number(process.env.JOURNAL_RUNS ?? 40)

const small = fc.integer({ min: 1, max: 3 })
const purpose = fc.constantFrom('entry' as const, 'exit' as const, 'stop' as const)
const state = fc.constantFrom('denied', 'reserved', 'sending', 'unresolved', 'filled', 'expired' as const)

const deed = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      ...{ id: small, purpose, state, orderRef: small, attempt: small },
      ...{ candle: small, orderId: fc.option(small) },
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), id: small, state }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('book' as const),
      ...{ root: small, revision: small, intent: fc.option(small), quantity: fc.nat(9) },
      ...{ isSynthetic: fc.boolean(), second: small },
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tell' as const), root: small, revision: small }) },
)

type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

/** Deeds that happen in one transaction, which is undone at its end or not. */
const transaction = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 3 }),
  undo: fc.constantFrom(false, false, true),
})

/** A name that only this run uses: what others left in the database is not met. */
const named = (run: number) => (number: number) => `${run}-${number}`

async function act({ intents, executions }: Stores, run: number, deed: Deed): Promise<unknown> {
  const name = named(run)
  if (deed.kind === 'change') return intents.change(name(deed.id), { state: deed.state })
  if (deed.kind === 'tell') return executions.tellCommission(name(deed.root), deed.revision, 1, null)
  if (deed.kind === 'book') {
    const { root, revision, quantity, isSynthetic, second } = deed
    const intent = deed.intent === null ? null : name(deed.intent)
    const told = {
      revision,
      quantity,
      isSynthetic,
      time: secondAt(second),
      orderId: 1,
      permId: 1,
      orderRef: 'x',
    }
    return executions.book(newExecution({ ...told, intent, root: name(root), symbol: name(0) }))
  }
  const { id, purpose, state, orderRef, attempt, candle, orderId } = deed
  const numbers = {
    attempt,
    candleTime: secondAt(candle * 60),
    orderId: orderId === null ? null : run * 10 + orderId,
  }
  const names = { id: name(id), orderRef: name(orderRef), symbol: name(0), ocaGroup: 'oca' }
  return intents.create(newIntent({ ...numbers, ...names, purpose, state }))
}

/** What a caller can tell of an answer: ordinals have gaps in one store and none in the other. */
function shown(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(shown)
  if (answer === null || typeof answer !== 'object') return answer
  const { ordinal: _, ...rest } = answer as Record<string, unknown>
  return rest
}

const failure = (error: unknown): string =>
  error instanceof AppError ? `${error.kind}: ${error.message}` : 'a defect'

async function answers(stores: Stores, run: number, { deeds, undo }: { deeds: Deed[]; undo: boolean }) {
  const told: unknown[] = []
  const work = stores.transaction(async (inside) => {
    for (const deed of deeds) told.push(shown(await act(inside, run, deed)))
    if (undo) throw new AppError('refused', 'undone')
  })
  told.push(await work.then(() => 'committed', failure))
  return told
}

async function everything({ intents, executions }: Stores, run: number): Promise<unknown> {
  const name = named(run)
  const isMine = ({ symbol }: { readonly symbol: string }) => symbol === name(0)
  const mine = async (rows: Promise<readonly { readonly symbol: string }[]>) =>
    shown((await rows).filter(isMine))
  return {
    intents: await mine(intents.list({ limit: 99_999 })),
    open: await mine(intents.open()),
    since: await mine(intents.since(EVENING)),
    executions: await mine(executions.list({ limit: 99_999 })),
    ours: await mine(executions.ours()),
    later: await mine(executions.ours(secondAt(2))),
    ofIntent: shown(await executions.ofIntent(name(1))),
    position: await executions.position(name(0)),
  }
}

test('the twin in memory answers everything as PostgreSQL does', async () => {
  const twin = memoryDatabase().stores
  let run = 0
  const days = fc.array(transaction, { minLength: 1, maxLength: 12 })
  const property = fc.asyncProperty(days, async (transactions) => {
    run += 1
    for (const each of transactions)
      expect(await answers(twin, run, each)).toEqual(await answers(stores, run, each))
    expect(await everything(twin, run)).toEqual(await everything(stores, run))
  })
  await fc.assert(property, { numRuns: RUNS })
})
