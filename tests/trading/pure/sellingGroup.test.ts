import { expect, test } from 'vitest'
import type { Intent } from '../../../src/ports/intents.ts'
import { sellingGroup } from '../../../src/trading/decisions.ts'
import { holdingOf } from '../../../src/trading/trips.ts'
import { execution, intent } from '../samples.ts'

const entry = intent()
const holding = holdingOf([execution(1)])
const group = (...intents: readonly Partial<Intent>[]): string | null =>
  sellingGroup({ holding, intents: intents.map((each) => intent({ parent: entry.id, ...each })) })

const stop = { purpose: 'stop', ocaGroup: 'of the stop' } as const
const exit = { purpose: 'exit', ocaGroup: 'of the exit' } as const

test('what sells a position joins what may sell it already', () => {
  expect(group(stop)).toBe('of the stop')
  expect(group({ ...stop, state: 'cancelled', code: '202' }, { ...exit, state: 'reserved' })).toBe(
    'of the exit',
  )
  expect(group({ ...stop, state: 'cancelling' })).toBe('of the stop')
  expect(group({ ...stop, state: 'cancelled', code: 'absent' })).toBe('of the stop')
})

test('what has ended for certain, and what buys, is joined by nobody', () => {
  expect(group({ ...stop, state: 'cancelled', code: '202' }, { ...exit, state: 'rejected' })).toBeNull()
  expect(group({ ...stop, parent: 'OF ANOTHER POSITION' })).toBeNull()
  expect(group({ purpose: 'entry', ocaGroup: 'of an entry' })).toBeNull()
})
