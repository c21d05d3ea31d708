import { expect, test, vi } from 'vitest'
import { type DaysOptions, tradingDays, tradingSessions } from './day.ts'
import { FAULTS, faultsNamed } from './faults.ts'
import { HABIT, MEDDLING } from './person.ts'
import { plantNamed } from './plants.ts'

// Seconds on a machine of its own, more beside other tests.
vi.setConfig({ testTimeout: 240_000 })

const world = (seed: number, days: number, more: Partial<DaysOptions> = {}) =>
  tradingDays({ seed, sessions: tradingSessions(seed, days), ...more })

/** Worlds of five days: positions and orders outlive the nights between them. */
test('in twenty trading days full of faults no invariant is violated, by the books of the broker', async () => {
  const met = new Set<string>()
  let deeds = 0
  for (const seed of [1, 2, 3, 4]) {
    const { wrong, faults, entries, exits, stopped } = await world(seed, 5)
    expect(wrong, `seed ${seed}`).toEqual([])
    for (const name of faults.keys()) met.add(name)
    deeds += Math.min(entries, exits, stopped)
  }
  expect([...met].sort()).toEqual(FAULTS.flatMap((row) => Object.keys(row)).sort())
  expect(deeds).toBeGreaterThan(20)
})

test('one seed tells one story', async () => {
  const trace = async () => (await world(7, 1)).trace
  expect(await trace()).toBe(await trace())
})

/** With the one kind of fault that shows them; without the bug the same days are whole. */
test.each<[string, number, number, string, string]>([
  ['sent, then persisted', 1, 1, 'none', 'I3: order 1 left while reserved'],
  ['sent again with a new number', 2, 1, 'order unacknowledged', 'I3: order 500000 is that of intent'],
  ['a queue that outlives the connection', 1, 1, 'half open for good', 'left while expired'],
  ['fills of a lost link dropped', 5, 2, 'connection refused', 'shares are booked, the broker has'],
  ['stops never armed anew', 2, 1, 'stops cancelled', 'without a stop since'],
  ['the kill is not read', 3, 1, 'meddling', 'left after the kill'],
])('a planted bug is found: %s', async (name, seed, days, fault, told) => {
  const isMeddling = fault === 'meddling'
  const habit = isMeddling ? MEDDLING : HABIT
  const options = { habit, faults: faultsNamed(isMeddling ? 'none' : fault) }
  expect((await world(seed, days, { ...options, plant: plantNamed(name) })).wrong.join('\n')).toContain(told)
  expect((await world(seed, days, options)).wrong).toEqual([])
})
