import { beforeAll, expect, test } from 'vitest'
import type { PacedRequest, PacingLedger } from '../../src/ports/pacingLedger.ts'
import { EVENING, secondAt } from '../support/bars.ts'

const request = (second: number, fields: Partial<PacedRequest> = {}): PacedRequest => ({
  at: secondAt(second),
  weight: 1,
  lane: 'backfill',
  signature: `SPY ${second}`,
  contract: 'SPY@SMART/TRADES',
  ...fields,
})

/** What any pacing ledger does. `open` gives an empty one. */
export function pacingLedgerContract(open: () => Promise<PacingLedger>): void {
  let ledger: PacingLedger

  beforeAll(async () => {
    ledger = await open()
  })

  test('rows come back as they were stored, oldest first, from the instant asked for', async () => {
    const rows = [request(20, { lane: 'live', weight: 2 }), request(0), request(10)]
    for (const row of rows) expect(await ledger.append(EVENING, () => row)).toEqual(row)
    expect(await ledger.since(secondAt(10))).toEqual([rows[2], rows[0]])
    const seen = await new Promise((resolve) => {
      ledger.append(secondAt(20), (known) => {
        resolve(known)
        return null
      })
    })
    expect(seen).toEqual([rows[0]])
  })

  test('nothing is stored when the decision is no', async () => {
    const before = await ledger.since(EVENING)
    expect(await ledger.append(EVENING, () => null)).toBeNull()
    expect(await ledger.since(EVENING)).toEqual(before)
  })

  test('nothing is stored when the decision throws', async () => {
    const before = await ledger.since(EVENING)
    const thrown = ledger.append(EVENING, () => {
      throw new Error('undecided')
    })
    await expect(thrown).rejects.toThrow('undecided')
    expect(await ledger.since(EVENING)).toEqual(before)
  })

  test('of many that decide at once, each sees what those before it stored', async () => {
    const from = secondAt(1_000)
    const reserve = (i: number) =>
      ledger.append(from, (rows) => (rows.length < 7 ? request(1_000 + i) : null))
    const granted = await Promise.all(Array.from({ length: 20 }, (_, i) => reserve(i)))
    expect(granted.filter((row) => row !== null)).toHaveLength(7)
    expect(await ledger.since(from)).toHaveLength(7)
  })
}
