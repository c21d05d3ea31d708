import { expect, test } from 'vitest'
import { parseInstant } from '../../../src/market/time.ts'
import type { Switches } from '../../../src/simulator/switches.ts'
import { manualClock } from '../../support/manualClock.ts'
import { historyRequest, RawClient, terminal } from '../rawClient.ts'

const setUp = (pacing: Switches['pacing']) => {
  const clock = manualClock(parseInstant('2024-06-03T15:00:00Z'))
  const tws = terminal({ clock, machine: clock, switches: { pacing } })
  return { clock, tws, client: new RawClient(tws).open(193) }
}

/** Twice the same request. */
const askTwice = async ({ clock, client }: ReturnType<typeof setUp>) => {
  for (const id of [1, 2]) client.send(...historyRequest({ id, end: '20240603-14:30:00' }))
  await clock.advance(100)
  return client.received().map((each) => (each[0] === '4' ? each[3] : each[0]))
}

for (const [mode, answers, hungUp] of [
  ['strict', ['162', '17'], false],
  ['disconnect', ['162'], true],
  ['off', ['17', '17'], false],
] as const)
  test(`with pacing ${mode} the second of two identical requests is answered ${answers.join(', ')}`, async () => {
    const setting = setUp(mode)
    expect(await askTwice(setting)).toEqual(answers)
    expect(setting.client.hungUp).toBe(hungUp)
  })

test('with pacing delay it is answered fifteen seconds later, and is no violation', async () => {
  const setting = setUp('delay')
  expect(await askTwice(setting)).toEqual(['17'])
  await setting.clock.advance(14_000)
  expect(setting.client.received()).toEqual([])
  await setting.clock.advance(1_000)
  expect(setting.client.received().map((each) => each.slice(0, 2))).toEqual([['17', '2']])
  expect(setting.tws.violations.counts.identical).toBe(0)
})

test('a request that waits can be taken back', async () => {
  const { clock, client } = setUp('delay')
  for (const id of [1, 2]) client.send(...historyRequest({ id, end: '20240603-14:30:00' }))
  client.send(25, 1, 2)
  await clock.advance(60_000)
  expect(client.received().map((each) => each.slice(0, 4))).toEqual([
    ['4', '2', '2', '162'],
    expect.arrayContaining(['17', '1']),
  ])
})

test('the fifty-first open request is refused, however the others wait', async () => {
  const { clock, client, tws } = setUp('delay')
  for (let id = 1; id <= 51; id++) client.send(...historyRequest({ id, end: '20240603-14:30:00' }))
  expect(client.received().map((each) => [each[2], each[3]])).toEqual([['51', '322']])
  await clock.advance(1_000)
  expect([client.received().length, tws.violations.counts.open]).toEqual([1, 1])
})
