import { describe, expect, test } from 'vitest'
import { checked } from '../../../src/simulator/document.ts'
import { SCENARIO_SCHEMA } from '../../../src/simulator/faults/scenario.ts'
import { RawClient } from '../rawClient.ts'
import { Stage, type Terms } from '../stage.ts'

const read = (text: string) => checked({ file: 'faults.yaml', text }, SCENARIO_SCHEMA)

test('a scenario says when, on what, how often and for how long', () => {
  const { seed, faults } = read(`
seed: 7
faults:
  - fault: historyDelay
    at: 2024-06-03T15:00:00Z
    for: 600
    on: { client: 1, symbol: SPY }
    probability: 0.25
    with: { milliseconds: [500, 3000] }
  - fault: reset
    after: 60
    every: 300
    times: 3
`)
  expect(seed).toBe(7)
  expect(faults).toMatchObject([
    { fault: 'historyDelay', at: 1_717_426_800_000, for: 600, with: { milliseconds: [500, 3_000] } },
    { fault: 'reset', after: 60, every: 300, times: 3, nth: 1, probability: 1 },
  ])
})

const wrong: [title: string, text: string, told: string][] = [
  [
    'an unknown fault',
    'faults:\n  - fault: meteor\n',
    'faults.yaml:2:12 faults[0].fault: Invalid discriminator',
  ],
  [
    'a bad instant',
    'faults:\n  - fault: reset\n    at: noon\n',
    'faults.yaml:3:9 faults[0].at: is no instant',
  ],
  [
    'a request that does not exist',
    'faults:\n  - fault: reset\n    on: { request: tea }\n',
    'faults.yaml:3:20 faults[0].on.request: Invalid option',
  ],
  [
    'a parameter of another fault',
    'faults:\n  - fault: reset\n    with: { after: version }\n',
    'faults.yaml:3:13 faults[0].with.after: is not known here',
  ],
  [
    'a probability above one',
    'faults:\n  - fault: lost\n    probability: 2\n',
    'faults.yaml:3:18 faults[0].probability: Too big',
  ],
  [
    'a refusal without an end, which nobody could give it',
    'faults:\n  - fault: refuse\n',
    'faults.yaml:2:5 faults[0].for: Invalid input',
  ],
]

for (const [title, text, told] of wrong)
  test(`refused with its line: ${title}`, () => expect(() => read(text)).toThrow(told))

describe('a fault strikes', () => {
  /** For each of so many requests, a second apart, whether it was lost. */
  const losses = async (requests: number, terms: Terms): Promise<string> => {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('requestLost', { on: { request: 'currentTime' }, ...terms })
    let seen = ''
    for (let i = 0; i < requests; i++) {
      client.send(49, 1)
      seen += client.received().length === 0 ? 'x' : '.'
      await stage.pass(1)
    }
    return seen
  }
  const cases: [title: string, terms: Terms, seen: string][] = [
    ['everything when nothing else is said', {}, 'xxxxxxxxxxxx'],
    ['so often at most', { times: 2 }, 'xx..........'],
    ['each third', { nth: 3 }, '..x..x..x..x'],
    ['the third alone', { nth: 3, times: 1 }, '..x.........'],
    ['after a while, for a while', { after: 2, for: 3 }, '..xxx.......'],
    ['again and again', { after: 1, for: 2, every: 4 }, '.xx..xx..xx.'],
    ['from an instant on', { at: '2024-06-03T15:00:05Z' }, '.....xxxxxxx'],
    ['what another client asks never', { on: { client: 9 } }, '............'],
    ['another kind of request never', { on: { request: 'positions' } }, '............'],
  ]
  for (const [title, terms, seen] of cases)
    test(title, async () => expect(await losses(12, terms)).toBe(seen))

  test('as often as chance wants, the same for one seed', async () => {
    const seen = await losses(400, { probability: 0.25 })
    expect(seen.replaceAll('.', '').length).toBeGreaterThan(60)
    expect(seen.replaceAll('.', '').length).toBeLessThan(140)
    expect(await losses(400, { probability: 0.25 })).toBe(seen)
  })
})

test('a fault that is taken away ends at once', async () => {
  const stage = new Stage()
  const client = stage.client()
  const id = await stage.arm('linkLost')
  stage.tws.faults.disarm(id)
  expect(client.received().map((fields) => fields[3])).toEqual(['1100', '1102'])
  expect(stage.clock.pending).toBe(0)
  expect(stage.tws.faults.disarm(id)).toBe(false)
})

test('a fault that a message sets off waits for it', async () => {
  const stage = new Stage()
  const client = stage.client()
  await stage.arm('notice', { on: { message: 'currentTime' }, nth: 2, times: 1, with: { code: 1300 } })
  for (let i = 0; i < 4; i++) client.send(49, 1)
  expect(client.received().map(([id]) => id)).toEqual(['49', '4', '49', '49', '49'])
})

test('a fault that a request sets off lasts its time from there', async () => {
  const stage = new Stage()
  const client = stage.client()
  await stage.arm('farmBroken', { on: { request: 'positions' }, for: 10 })
  expect(await stage.history(client, { id: 1 })).toHaveLength(1)
  await stage.pass(30)
  await stage.ask(client, 61, 1)
  expect(await stage.history(client, { id: 2, duration: '90 S' })).toEqual([])
  await stage.pass(10)
  expect(client.received().map((fields) => fields[3])).toEqual(['2106'])
})

test('without faults bytes leave at once, as they are', () => {
  const stage = new Stage()
  const client = stage.client()
  client.pieces.length = 0
  client.send(49, 1)
  expect(client.pieces).toEqual([RawClient.framed([49, 1, '1717426800'])])
})

test('what waits on a stalled line is bounded: the line breaks', async () => {
  const stage = new Stage()
  stage.tws.turn({ maxUnreadBytes: 5_000 })
  const [talks, listens] = [stage.client(1), stage.client(2)]
  await stage.arm('halfOpen')
  for (let i = 0; i < 1_000; i++) {
    if (!talks.wasReset) talks.send(49, 1)
    if (!listens.wasReset) listens.connection.send([49, 1, '1717426800'])
  }
  expect([talks.wasReset, listens.wasReset]).toEqual([true, true])
})
