import { expect, test } from 'vitest'
import { parseInstant, SECOND_MS } from '../../../src/market/time.ts'
import { encode, type Message } from '../../../src/simulator/fields.ts'
import { manualClock } from '../../support/manualClock.ts'
import { historyRequest, RawClient, terminal } from '../rawClient.ts'

const CLIENTS = 20
const SECONDS = 600
const MESSAGES_A_SECOND = 50
/** Each asks for small bars so often in ten minutes: together twice what IB allows a user. */
const SMALL_BARS_EACH = 6
const SMALL_BARS_ALLOWED = 60
/** Once a minute each opens one request more than may be open. */
const OPEN_EACH = 51

const currentTime = encode([49, 1])

/** A request that waits: schedules cost nothing to answer. */
const open = (id: number): Message =>
  historyRequest({ id, step: '1 day', duration: '2 D', what: 'SCHEDULE', format: 1 })

const smallBars = (client: number, round: number): Message =>
  historyRequest({ id: 1_000 + round, end: `20240603-14:${10 + round}:${10 + client}`, duration: '30 S' })

/** What a client asks in a second besides the time. */
function wishes(client: number, second: number): Message[] {
  const everyRound = SECONDS / SMALL_BARS_EACH
  const isRound = second % everyRound === client
  return [
    ...(second === 0 ? [[92, 1, '', ''] as Message] : []),
    ...(isRound ? [smallBars(client, Math.floor(second / everyRound))] : []),
    ...(second % 60 === client + 2 ? Array.from({ length: OPEN_EACH - 2 }, (_, i) => open(10 + i)) : []),
    ...(second % 60 === client + 3 ? [open(98), open(99)] : []),
  ]
}

/** How many answers of each kind came: errors by their code. */
type Tally = Record<string, number>

function count(tally: Tally, client: RawClient): void {
  for (const fields of client.received()) {
    const kind = fields[0] === '4' ? `error ${fields[3]}` : fields[0]!
    tally[kind] = (tally[kind] ?? 0) + 1
  }
}

test('twenty clients at their limits for ten minutes are counted exactly and served alike', async () => {
  const clock = manualClock(parseInstant('2024-06-03T15:00:00Z'))
  const switches = { messageRate: 'strict', pacing: 'strict', historyDelayMs: 2_000 } as const
  const tws = terminal({ clock, machine: clock, switches })
  const clients = Array.from({ length: CLIENTS }, (_, id) => new RawClient(tws).open(193, id))
  const tallies: Tally[] = clients.map(() => ({}))
  await clock.advance(SECOND_MS)
  for (let second = 0; second < SECONDS; second++) {
    for (const [id, client] of clients.entries()) {
      const asked = wishes(id, second).map(encode)
      const filler = Array<Buffer>(MESSAGES_A_SECOND - asked.length).fill(currentTime)
      client.sendBytes(Buffer.concat([...asked, ...filler]))
    }
    await clock.advance(SECOND_MS)
    for (const [id, client] of clients.entries()) count(tallies[id]!, client)
  }
  await clock.advance(5 * SECOND_MS)
  for (const [id, client] of clients.entries()) count(tallies[id]!, client)

  const minutes = SECONDS / 60
  const asked = 1 + SMALL_BARS_EACH + OPEN_EACH * minutes
  for (const [id, tally] of tallies.entries())
    expect([id, tally]).toEqual([
      id,
      {
        49: SECONDS * MESSAGES_A_SECOND - asked,
        94: SECONDS + 6, // profit and loss: the first at once, then one a second
        17: SMALL_BARS_ALLOWED / CLIENTS,
        106: (OPEN_EACH - 1) * minutes,
        'error 322': minutes,
        'error 162': SMALL_BARS_EACH - SMALL_BARS_ALLOWED / CLIENTS,
      },
    ])
  expect(tws.messages).toBe(CLIENTS * (1 + SECONDS * MESSAGES_A_SECOND))
  expect(tws.pacing).toMatchObject({ total: CLIENTS * SMALL_BARS_EACH, busiest: CLIENTS * SMALL_BARS_EACH })
  expect(tws.violations.counts).toMatchObject({ window: 60, open: CLIENTS * minutes, messages: 0 })
  expect(clients.some(({ hungUp }) => hungUp)).toBe(false)
}, 60_000)

test('one that floods is warned twice and dropped the third time, and the others do not notice', async () => {
  const clock = manualClock(parseInstant('2024-06-03T15:00:00Z'))
  const tws = terminal({ clock, machine: clock, switches: { messageRate: 'strict' } })
  const clients = Array.from({ length: CLIENTS }, (_, id) => new RawClient(tws).open(193, id))
  await clock.advance(SECOND_MS)
  const tallies: Tally[] = clients.map(() => ({}))
  for (let second = 0; second < 4; second++) {
    for (const [id, client] of clients.entries())
      client.sendBytes(Buffer.concat(Array<Buffer>(id === 0 ? 5_000 : MESSAGES_A_SECOND).fill(currentTime)))
    for (const [id, client] of clients.entries()) count(tallies[id]!, client)
    await clock.advance(SECOND_MS)
  }
  expect(tallies[0]).toEqual({ 49: 3 * MESSAGES_A_SECOND, 'error 100': 3 })
  expect(tallies.slice(1)).toEqual(clients.slice(1).map(() => ({ 49: 4 * MESSAGES_A_SECOND })))
  expect(clients.map(({ hungUp }) => hungUp)).toEqual(clients.map((_, id) => id === 0))
})
