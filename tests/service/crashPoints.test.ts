import { expect, inject, test } from 'vitest'
import { crashes } from '../crashPoints/crashes.ts'

/** CI kills twenty times; `CRASH_KILLS=300` or `npm run crashpoints -- --kills 300` as often as is asked for. */
const KILLS = Number(process.env.CRASH_KILLS ?? 20)

test(
  `of ${KILLS} kills before and after the steps of an order none enters twice, loses a fill or leaves shares without a stop`,
  async () => {
    const { kills, entries, executions, wrong } = await crashes({
      ...{ kills: KILLS, seed: 1, worlds: 2, templateUrl: inject('templateUrl') },
    })
    expect(wrong).toEqual([])
    expect([...kills.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS)
    // They are spread over the steps, of exits too, and something was bought and sold in spite of them.
    const steps = [...kills.keys()]
    expect(steps.length).toBeGreaterThan(Math.min(KILLS, 40) / 3)
    for (const word of ['before ', 'after ', ' exit '])
      expect(steps.filter((step) => step.includes(word)).length).toBeGreaterThan(0)
    expect(entries).toBeGreaterThan(0)
    expect(executions).toBeGreaterThan(entries)
  },
  60_000 + KILLS * 20_000,
)
