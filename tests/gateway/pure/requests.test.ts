import { expect, test } from 'vitest'
import { RequestBook } from '../../../src/gateway/requests.ts'
import { epochMs } from '../../../src/market/time.ts'
import { manualClock } from '../../support/manualClock.ts'

const START = epochMs(0)
const word = (message: string): string | undefined => (message === 'end' ? 'done' : undefined)

test('an answer settles its own request only', async () => {
  const book = new RequestBook<string>(manualClock(START))
  const ids: number[] = []
  const ask = () => book.ask({ deadlineMs: 1_000, send: (id) => ids.push(id), receive: word })
  const first = ask()
  const second = ask()
  expect(book.deliver(ids[1]!, 'end')).toBe(true)
  await expect(second).resolves.toBe('done')
  expect(book.size).toBe(1)
  book.end('test')
  await expect(first).rejects.toThrow('the connection to TWS ended: test')
})

test('a request without an answer is cancelled at its deadline', async () => {
  const clock = manualClock(START)
  const book = new RequestBook<string>(clock)
  const cancelled: number[] = []
  const asked = book.ask({
    deadlineMs: 1_000,
    send: () => {},
    cancel: (id) => cancelled.push(id),
    receive: word,
  })
  const outcome = expect(asked).rejects.toMatchObject({ kind: 'unavailable' })
  await clock.advance(1_000)
  await outcome
  expect(cancelled).toHaveLength(1)
  expect(book.deliver(cancelled[0]!, 'end')).toBe(false)
})

test('what receiving throws fails the request and nothing else', async () => {
  const book = new RequestBook<string>(manualClock(START))
  const receive = (): string => {
    throw new Error('no good')
  }
  let sent = 0
  const asked = book.ask({
    deadlineMs: 1_000,
    receive,
    send: (id) => {
      sent = id
    },
  })
  book.deliver(sent, 'x')
  await expect(asked).rejects.toThrow('no good')
  expect(book.size).toBe(0)
})

test('an aborted request is given up and cancelled', async () => {
  const book = new RequestBook<string>(manualClock(START))
  const stop = new AbortController()
  let cancelled = 0
  const asked = book.ask({
    deadlineMs: 1_000,
    send: () => {},
    cancel: () => {
      cancelled++
    },
    receive: word,
    signal: stop.signal,
  })
  stop.abort()
  await expect(asked).rejects.toThrow('given up')
  expect(cancelled).toBe(1)
})

test('after the end nothing is sent', async () => {
  const book = new RequestBook<string>(manualClock(START))
  book.end('closed')
  let sent = 0
  const asked = book.ask({
    deadlineMs: 1_000,
    receive: word,
    send: () => {
      sent++
    },
  })
  await expect(asked).rejects.toMatchObject({ kind: 'unavailable' })
  expect(sent).toBe(0)
})
