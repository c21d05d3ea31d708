import { expect, test } from 'vitest'
import { Heartbeat } from '../../../src/gateway/heartbeat.ts'
import { epochMs, HOUR_MS, plus } from '../../../src/market/time.ts'
import { manualClock } from '../../support/manualClock.ts'

/** A heartbeat whose other side is the test. */
function beating() {
  const clock = manualClock(epochMs(100 * HOUR_MS))
  let setBackMs = 0
  const machine = { ...clock, now: () => plus(clock.now(), -setBackMs) }
  const ended = new AbortController()
  const failures: string[] = []
  let pings = 0
  let unsent = 0
  const heartbeat = new Heartbeat({
    machine,
    ping: () => {
      pings++
    },
    unsentBytes: () => unsent,
    fail: (reason) => {
      failures.push(reason)
      ended.abort()
    },
  })
  heartbeat.start(ended.signal)
  const answer = () => {
    heartbeat.heard()
    heartbeat.answered()
  }
  return {
    ...{ clock, heartbeat, failures, ended, answer, pings: () => pings },
    setBack: (ms: number) => {
      setBackMs = ms
    },
    jam: (bytes: number) => {
      unsent = bytes
    },
  }
}

test('nine seconds without a byte are the end', async () => {
  const { clock, failures } = beating()
  await clock.advance(8_999)
  expect(failures).toEqual([])
  await clock.advance(1)
  expect(failures).toEqual(['TWS has fallen silent'])
})

test('one that talks but never answers is given up after twenty seconds', async () => {
  const { clock, heartbeat, failures } = beating()
  for (let second = 0; second < 24; second++) {
    heartbeat.heard()
    await clock.advance(1_000)
  }
  expect(failures).toEqual(['TWS no longer answers'])
})

test('one that does not read is given up after five seconds', async () => {
  const { clock, heartbeat, failures, jam } = beating()
  jam(1)
  for (let second = 0; second < 10; second++) {
    heartbeat.heard()
    await clock.advance(1_000)
  }
  expect(failures).toEqual(['TWS no longer reads'])
})

test('a clock that is set back by an hour does not hide a silence', async () => {
  const { clock, answer, failures, setBack } = beating()
  answer()
  setBack(HOUR_MS)
  await clock.advance(15_000)
  expect(failures).toEqual(['TWS has fallen silent'])
})

test('a round trip ends with the answer to its own question', async () => {
  const { clock, heartbeat, answer } = beating()
  const trip = heartbeat.roundTrip(2_000)
  let outcome: boolean | null = null
  void trip.then((is) => {
    outcome = is
  })
  answer()
  await clock.advance(100)
  expect(outcome).toBeNull()
  answer()
  await clock.advance(0)
  expect(outcome).toBe(true)
})

test('a round trip without an answer ends at its limit, and with the connection', async () => {
  const { clock, heartbeat, ended } = beating()
  const slow = heartbeat.roundTrip(2_000)
  await clock.advance(2_000)
  expect(await slow).toBe(false)
  const cut = heartbeat.roundTrip(2_000)
  ended.abort()
  expect(await cut).toBe(false)
})

test('an answer that comes too late is not taken for the next one', async () => {
  const { clock, heartbeat, answer } = beating()
  answer()
  const first = heartbeat.roundTrip(2_000)
  await clock.advance(2_000)
  expect(await first).toBe(false)
  const second = heartbeat.roundTrip(2_000)
  answer()
  await clock.advance(2_000)
  expect(await second).toBe(false)
})

test('answers that were lost are forgotten when one is owed for twenty seconds', async () => {
  const { clock, heartbeat, answer, pings } = beating()
  // The first ping is never answered, every later one at once.
  for (let second = 0, answered = 1; second < 30; second++) {
    heartbeat.heard()
    for (; answered < pings(); answered++) answer()
    await clock.advance(1_000)
  }
  const trip = heartbeat.roundTrip(2_000)
  answer()
  await clock.advance(0)
  expect(await trip).toBe(true)
})
