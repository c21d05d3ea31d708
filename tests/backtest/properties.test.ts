import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candles, someRows } from '../strategy/candles.ts'
import { PLANTS, SOUND } from './plants.ts'
import { PROPERTIES, run, someRequests } from './properties.ts'

type Name = keyof typeof PROPERTIES

const NAMES = Object.keys(PROPERTIES) as Name[]

describe('over any candles', () => {
  test.each(NAMES)('%s', (name) => PROPERTIES[name](SOUND))

  test('the same request on the same candles has the same outcome', () => {
    fc.assert(
      fc.property(someRows(40), someRequests, (rows, request) => {
        const [once, again] = [run(request, candles(rows)), run(request, candles(rows))].map(
          ({ decisionAt, ...rest }) => rest,
        )
        expect(again).toEqual(once)
      }),
    )
  })

  test('higher costs never raise the equity, at any candle', () => {
    const cost = fc.record({
      slippageTicks: fc.integer({ min: 0, max: 5 }),
      slippageBps: fc.integer({ min: 0, max: 20 }),
    })
    fc.assert(
      fc.property(someRows(60), someRequests, cost, cost, (rows, request, some, more) => {
        const equityAt = (execution: Partial<typeof request.execution>) =>
          run(
            {
              ...request,
              execution: { ...request.execution, ...execution },
              sizing: { kind: 'shares', shares: 10 },
            },
            candles(rows),
          ).lines.equity
        const cheap = equityAt(some)
        const dear = equityAt({
          slippageTicks: some.slippageTicks + more.slippageTicks,
          slippageBps: some.slippageBps + more.slippageBps,
          commission: 'ibkr-fixed',
        })
        for (const [i, equity] of dear.entries()) expect(equity).toBeLessThanOrEqual(cheap[i]! + 1e-9)
      }),
    )
  })
})

/** Which of the properties notice a fault. */
const CAUGHT_BY: Readonly<Record<keyof typeof PLANTS, readonly Name[]>> = {
  'a swing that is used before it is known': [
    'decisions on a prefix are the first decisions on the whole',
    'a run counts no rewrites',
    'a level is known no earlier than the close of the candle that confirms it',
  ],
  'an entry at a close that equals the level': [
    'something is done where all conditions hold, and only there',
  ],
  'an exit at a close that equals the stop': ['something is done where all conditions hold, and only there'],
  'swings that their twins equal': ['a swing beats its neighbours strictly'],
  'a ratchet that falls': ['the stop of a position never falls'],
}

describe('a planted fault is noticed', () => {
  for (const [plant, makeStrategy] of Object.entries(PLANTS)) {
    test(`${plant}, by: ${CAUGHT_BY[plant]!.join('; ')}`, () => {
      const broken = NAMES.filter((name) => isBroken(() => PROPERTIES[name](makeStrategy)))
      expect(broken).toEqual(CAUGHT_BY[plant])
    })
  }
})

function isBroken(property: () => void): boolean {
  try {
    property()
    return false
  } catch {
    return true
  }
}
