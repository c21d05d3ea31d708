import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutChunks } from '../../src/market/chunk.ts'
import { gapsOf, unasked } from '../../src/market/coverage.ts'
import { sessionAt, sessionOn, sessionsBetween } from '../../src/market/session.ts'
import { epochMs, plus, SECOND_MS, type TimeRange } from '../../src/market/time.ts'

const span = (from: number, to: number): TimeRange => ({ from: epochMs(from), to: epochMs(to) })
const day = (date: string) => sessionOn(date, 'rth')!
const minutes = (range: TimeRange) => (range.to - range.from) / 60_000

test('a regular session is 13 chunks of half an hour, newest first', () => {
  const { from, to } = day('2024-01-05')
  const chunks = cutChunks({ from, to }, [], 'rth')
  expect(chunks.map(minutes)).toEqual(Array(13).fill(30))
  expect([chunks[0]?.to, chunks.at(-1)?.from]).toEqual([to, from])
})

test('a half day is 7 chunks, and the night between two sessions is not asked for', () => {
  const range = { from: day('2024-07-03').from, to: day('2024-07-05').to }
  const chunks = cutChunks(range, [], 'rth')
  expect(chunks).toHaveLength(7 + 13)
  expect(chunks.every((chunk) => sessionAt(chunk.from, 'rth'))).toBe(true)
})

test('what is covered is left out, and the rest keeps the grid of the open', () => {
  const { from } = day('2024-01-05')
  const covered = { from: plus(from, 10 * 60_000), to: plus(from, 25 * 60_000), state: 'done' as const }
  const chunks = cutChunks({ from, to: plus(from, 60 * 60_000) }, [covered], 'rth')
  expect(chunks.map(minutes)).toEqual([30, 5, 10])
})

test('a fraction of a second is asked for as a whole one', () => {
  const { from } = day('2024-01-05')
  const fraction = { from: plus(from, 1_500), to: plus(from, 2_001) }
  expect(cutChunks(fraction, [], 'rth')).toEqual([{ from: plus(from, 1_000), to: plus(from, 3_000) }])
  const done = [{ ...fraction, state: 'done' as const }]
  expect(cutChunks({ from, to: plus(from, 3_000) }, done, 'rth')).toHaveLength(1)
})

const START = day('2024-07-02').from
const someMs = fc.integer({ min: 0, max: 5 * 86_400_000 })
const someSpan = fc
  .tuple(someMs, someMs)
  .map(([a, b]) => span(START + Math.min(a, b), START + Math.max(a, b)))
const someDone = fc.array(someSpan, { maxLength: 6 }).map((spans) =>
  spans
    .sort((a, b) => a.from - b.from)
    .filter((it, i, all) => i === 0 || it.from >= all[i - 1]!.to)
    .map((it) => ({ ...it, state: 'done' as const })),
)

test('chunks are whole seconds of one session and one cell of its grid, newest first and apart', () => {
  fc.assert(
    fc.property(someSpan, someDone, fc.constantFrom('rth' as const, 'all' as const), (range, done, kind) => {
      const chunks = cutChunks(range, done, kind)
      for (const [i, { from, to }] of chunks.entries()) {
        const session = sessionAt(from, kind)!
        const cell = Math.floor((from - session.from) / 1_800_000)
        expect(from % SECOND_MS === 0 && to % SECOND_MS === 0 && from < to && to <= session.to).toBe(true)
        expect(Math.floor((to - 1 - session.from) / 1_800_000)).toBe(cell)
        expect(i === 0 || to <= chunks[i - 1]!.from).toBe(true)
      }
    }),
  )
})

test('once its chunks are done, nothing of a range is left to ask', () => {
  fc.assert(
    fc.property(someSpan, someDone, fc.constantFrom('rth' as const, 'all' as const), (range, done, kind) => {
      const answered = cutChunks(range, done, kind).map((chunk) => ({ ...chunk, state: 'done' as const }))
      const wanted = sessionsBetween(range, kind).flatMap((session) =>
        unasked(
          span(Math.max(session.from, range.from), Math.min(session.to, range.to)),
          [...answered].sort((a, b) => a.from - b.from),
        ),
      )
      for (const part of wanted) expect(gapsOf(part, done)).toEqual([])
    }),
  )
})
