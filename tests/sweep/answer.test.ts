import { expect, test } from 'vitest'
import { shownTrade } from '../../src/sweep/answer.ts'
import { EVENING } from '../support/bars.ts'

test('the money of a trade is told without the noise of its sums', () => {
  const [entryPrice, exitPrice, quantity] = [166.27, 166.4, 3]
  const grossPnl = (exitPrice - entryPrice) * quantity
  expect(grossPnl).not.toBe(0.39)
  const trade = {
    ...{ entryTime: EVENING, entryPrice, entryReason: '', exitTime: EVENING, exitPrice, exitReason: '' },
    ...{ quantity, grossPnl, commission: 0.1 + 0.2, netPnl: grossPnl - (0.1 + 0.2), returnPct: 1 / 3 },
    ...{ bars: 1, mae: 0, mfe: 0 },
  }
  const told = { entryPrice, exitPrice, grossPnl: 0.39, commission: 0.3, netPnl: 0.09, returnPct: 1 / 3 }
  expect(shownTrade(trade)).toMatchObject(told)
})
