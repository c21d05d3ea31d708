import { expect, test } from 'vitest'
import { conflict, unavailable } from '../../../src/errors.ts'
import { tellInOrder } from '../../../src/events/inOrder.ts'
import { Standing } from '../../../src/gateway/standing.ts'
import { stateEvents } from '../../../src/gateway/stateEvents.ts'
import type { ConnectionState } from '../../../src/ports/gateway.ts'
import { secondAt } from '../../support/bars.ts'
import { manualClock } from '../../support/manualClock.ts'
import { silentLog } from '../../support/simulator.ts'
import { memoryDatabase } from '../../support/twins/database.ts'

/** A gateway's standing whose changes go to an outbox that can be down. */
function stage(signal = new AbortController().signal) {
  const clock = manualClock(secondAt(0))
  const { stores } = memoryDatabase({ clock })
  const outage: { error: Error | null } = { error: null }
  const events: typeof stores.events = {
    ...stores.events,
    append: (made) => (outage.error ? Promise.reject(outage.error) : stores.events.append(made)),
  }
  const onState = stateEvents(tellInOrder({ events, machine: clock, log: silentLog }, signal))
  const standing = new Standing({ market: clock, log: silentLog, outage: { planned: null }, onState })
  const told = async () =>
    (await stores.events.after(0, 1_000)).map(({ time, data }) => [(time - secondAt(0)) / 1_000, data])
  return { clock, standing, outage, told }
}

test('a connection that comes and goes is told by what matters, with the state before', async () => {
  const { clock, standing, told } = stage()
  const through: [ConnectionState, string | null][] = [
    ['connecting', null],
    ['syncing', 'waiting'],
    ['ready', null],
    ['linkDown', '1100'],
    ['ready', null],
    ['backoff', 'it fell silent'],
    ['connecting', 'it fell silent'],
    ['backoff', 'it fell silent'],
    ['connecting', 'it fell silent'],
    ['backoff', 'refused'],
    ['standby', null],
  ]
  for (const [state, reason] of through) {
    standing.enter(state, reason)
    await clock.advance(1_000)
  }
  expect(await told()).toEqual([
    [2, { state: 'ready', before: null, reason: null }],
    [3, { state: 'linkDown', before: 'ready', reason: '1100' }],
    [4, { state: 'ready', before: 'linkDown', reason: null }],
    [5, { state: 'backoff', before: 'ready', reason: 'it fell silent' }],
    [9, { state: 'backoff', before: 'backoff', reason: 'refused' }],
  ])
})

test('what changes while the database is away is told once it is back, in order and with its own time', async () => {
  const { clock, standing, outage, told } = stage()
  outage.error = unavailable('the database does not answer')
  standing.enter('ready', null)
  await clock.advance(10_000)
  standing.enter('linkDown', '1100')
  await clock.advance(10_000)
  expect(await told()).toEqual([])
  outage.error = null
  await clock.advance(1_000)
  expect((await told()).map(([at]) => at)).toEqual([0, 10])
})

test('a gateway that flaps for hours while the database is away costs no memory', async () => {
  const { clock, standing, outage, told } = stage()
  outage.error = unavailable('the database does not answer')
  for (let i = 0; i < 500; i++) standing.enter(i % 2 === 0 ? 'ready' : 'linkDown', `${i}`)
  outage.error = null
  await clock.advance(200_000)
  expect(await told()).toHaveLength(100)
  expect((await told()).at(-1)).toMatchObject([0, { reason: '499' }])
})

test('a process that has lost the lease tells nothing of its connection, and goes on', async () => {
  const { clock, standing, outage, told } = stage()
  outage.error = conflict('another process has taken the lease')
  standing.enter('ready', null)
  await clock.advance(1_000)
  outage.error = null
  standing.enter('backoff', 'the lease ended')
  await clock.advance(1_000)
  expect(await told()).toMatchObject([[1, { state: 'backoff', before: 'ready' }]])
})

test('nothing is written once the service stops', async () => {
  const stopping = new AbortController()
  const { clock, standing, outage, told } = stage(stopping.signal)
  outage.error = unavailable('the database does not answer')
  standing.enter('ready', null)
  await clock.advance(1_000)
  stopping.abort()
  outage.error = null
  await clock.advance(10_000)
  expect(await told()).toEqual([])
})
