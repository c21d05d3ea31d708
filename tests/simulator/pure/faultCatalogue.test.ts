import { expect, test } from 'vitest'
import { FAULTS } from '../../../src/simulator/faults/catalogue.ts'
import { readHistory, timeOfRow } from '../../../src/simulator/faults/historyAnswer.ts'
import { fieldsOf } from '../../../src/simulator/faults/line.ts'
import { frame, MAX_FRAME_BYTES } from '../../../src/simulator/frame.ts'
import { ORDER_PROOFS } from '../orderFaultProofs.ts'
import { historyRequest, RawClient } from '../rawClient.ts'
import { Stage, type Terms } from '../stage.ts'

const TIME = [49, 1] as const
const GREETING = RawClient.greeting('v100..193')
const START_API = RawClient.framed([71, 2, 1, ''])

const codes = (messages: readonly string[][]): string[] =>
  messages.filter(([id]) => id === '4').map((fields) => fields[3]!)

/** The codes that a client hears which connects now. */
function codesAtConnect({ tws }: Stage, id = 9): string[] {
  const client = new RawClient(tws)
  client.sendBytes(RawClient.greeting('v100..193'))
  client.send(71, 2, id, '')
  return codes(client.received())
}

const ids = (messages: readonly string[][]): string[] => messages.map(([id]) => id!)

/** The rows of the answer that a fault has changed, and those of the answer without it. */
async function rowsUnder(name: string, terms: Terms = {}, wish: object = {}) {
  const stage = new Stage()
  const client = stage.client()
  const rowsOf = async (id: number) =>
    readHistory((await stage.history(client, { id, end: '20240603-15:00:00', ...wish }))[0]!)!.rows
  const truth = await rowsOf(1)
  await stage.pass(20)
  await stage.arm(name, { ...terms })
  const rows = await rowsOf(2)
  return { truth, rows, now: stage.clock.now() }
}

/** What a refused request for bars is told. */
async function refusedBy(name: string): Promise<string[]> {
  const stage = new Stage()
  const client = stage.client()
  await stage.arm(name, { times: 1 })
  const [told] = await stage.history(client, { id: 1 })
  expect(ids(await stage.history(client, { id: 2, duration: '90 S' }))).toEqual(['17'])
  return told!
}

const refusal = (name: string, text: string) => async () =>
  expect(await refusedBy(name)).toEqual([
    ...['4', '2', '1', '162', `Historical Market Data Service error message:${text}`, ''],
  ])

/** The pieces in which an answer comes. */
async function piecesUnder(name: string, terms: Terms = {}, seconds = 1): Promise<Buffer[]> {
  const stage = new Stage()
  const client = stage.client()
  await stage.arm(name, terms)
  client.pieces.length = 0
  client.send(...TIME)
  client.send(...TIME)
  await stage.pass(seconds)
  return client.pieces
}

const currentTime = frame('49\x001\x001717426800\x00')

/** Each fault by its name, and what it must do. */
const proofs: Readonly<Record<string, () => Promise<unknown>>> = {
  ...ORDER_PROOFS,
  async refuse() {
    const stage = new Stage()
    await stage.arm('refuse', { for: 60 })
    expect([stage.tws.door.isOpen, new RawClient(stage.tws).wasReset]).toEqual([false, true])
    await stage.pass(60)
    expect([stage.tws.door.isOpen, new RawClient(stage.tws).wasReset]).toEqual([true, false])
  },
  async restart() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('restart', { for: 90 })
    expect([client.hungUp, client.wasReset, stage.tws.door.isOpen]).toEqual([true, false, false])
    await stage.pass(90)
    expect(ids(await stage.ask(stage.client(), ...TIME))).toEqual(['49'])
  },
  async acceptThenClose() {
    const stage = new Stage()
    await stage.arm('acceptThenClose', { times: 1 })
    expect([new RawClient(stage.tws).hungUp, new RawClient(stage.tws).hungUp]).toEqual([true, false])
  },
  async silent() {
    const heard = async (after: string) => {
      const stage = new Stage()
      await stage.arm('silent', { with: { after } })
      const client = new RawClient(stage.tws)
      client.sendBytes(Buffer.concat([GREETING, START_API, RawClient.framed(TIME)]))
      return [ids(client.received()), client.hungUp]
    }
    expect(await heard('nothing')).toEqual([[], false])
    expect(await heard('version')).toEqual([['193'], false])
    expect(await heard('accounts')).toEqual([['193', '15'], false])
  },
  async halfOpen() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('halfOpen', { for: 30 })
    expect(await stage.ask(client, ...TIME)).toEqual([])
    await stage.pass(30)
    expect([ids(client.received()), client.hungUp]).toEqual([['49'], false])
  },
  async close() {
    const stage = new Stage()
    const [mine, other] = [stage.client(1), stage.client(2)]
    await stage.arm('close', { on: { client: 1 } })
    expect([mine.hungUp, mine.wasReset, other.hungUp]).toEqual([true, false, false])
  },
  async reset() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('reset', { on: { request: 'historicalData' }, nth: 2 })
    expect(ids(await stage.history(client, { id: 1 }))).toEqual(['17'])
    await stage.history(client, { id: 2, duration: '90 S' })
    expect(client.wasReset).toBe(true)
  },
  async clientIdInUse() {
    const stage = new Stage()
    await stage.arm('clientIdInUse', { for: 10 })
    const client = new RawClient(stage.tws)
    client.sendBytes(Buffer.concat([GREETING, START_API]))
    expect([codes(client.received()), client.hungUp]).toEqual([['326'], true])
    await stage.pass(10)
    expect(ids(await stage.ask(stage.client(), ...TIME))).toEqual(['49'])
  },
  async clientIdHeld() {
    const stage = new Stage()
    const [broken, closed] = [stage.client(1), stage.client(2)]
    await stage.arm('clientIdHeld', { with: { seconds: 60 } })
    broken.connection.closed(true)
    closed.connection.closed(false)
    const comes = (id: number) => {
      const client = new RawClient(stage.tws)
      client.sendBytes(Buffer.concat([GREETING, RawClient.framed([71, 2, id, ''])]))
      return codes(client.received())
    }
    expect([comes(1), comes(2)]).toEqual([['326'], ['2104', '2106', '2158']])
    await stage.pass(60)
    expect(comes(1)).toEqual(['2104', '2106', '2158'])
  },
  async latency() {
    expect(await piecesUnder('latency', { with: { milliseconds: 900 } }, 0.8)).toEqual([])
    expect(await piecesUnder('latency', { with: { milliseconds: 900 } }, 0.9)).toHaveLength(2)
  },
  async dribble() {
    const pieces = await piecesUnder('dribble', { times: 1 })
    expect(pieces.slice(0, currentTime.length).map(({ length }) => length)).toEqual(
      Array(currentTime.length).fill(1),
    )
    expect(Buffer.concat(pieces)).toEqual(Buffer.concat([currentTime, currentTime]))
  },
  async merge() {
    expect(await piecesUnder('merge')).toEqual([Buffer.concat([currentTime, currentTime])])
  },
  async resetMidFrame() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('resetMidFrame', { on: { client: 1, message: 'currentTime' } })
    client.connection.send([62, 1])
    client.pieces.length = 0
    client.send(...TIME)
    await stage.pass(1)
    expect([client.pieces, client.wasReset]).toEqual([
      [currentTime.subarray(0, currentTime.length >> 1)],
      true,
    ])
  },
  async halfFrame() {
    expect(await piecesUnder('halfFrame')).toEqual([currentTime.subarray(0, currentTime.length >> 1)])
  },
  async hugeFrame() {
    const [huge, ...rest] = await piecesUnder('hugeFrame', { times: 1 })
    expect([huge!.readUInt32BE(), huge!.length]).toEqual([MAX_FRAME_BYTES, MAX_FRAME_BYTES + 4])
    expect([fieldsOf(huge!)[0], fieldsOf(huge!).length]).toEqual(['4', 6])
    expect(rest).toEqual([currentTime, currentTime])
  },
  async badLength() {
    for (const length of [-4, 0, 0x7fffffff]) {
      const [bad] = await piecesUnder('badLength', { times: 1, with: { length } })
      expect(bad!.readInt32BE()).toBe(length)
    }
  },
  async garbage() {
    const [noise, ...rest] = await piecesUnder('garbage', { times: 1 })
    expect([noise!.readUInt32BE() + 4, rest.length]).toEqual([noise!.length, 2])
  },
  async otherProtocol() {
    const stage = new Stage()
    await stage.arm('otherProtocol')
    const client = new RawClient(stage.tws)
    client.sendBytes(Buffer.concat([GREETING, START_API]))
    expect(ids(client.received()).slice(0, 2)).toEqual(['SSH-2.0-OpenSSH', '15'])
  },
  async unknownMessage() {
    const pieces = await piecesUnder('unknownMessage', { times: 1, with: { id: 777 } })
    expect(pieces.map((bytes) => fieldsOf(bytes)[0])).toEqual(['777', '49', '49'])
  },
  async extraFields() {
    const [first] = await piecesUnder('extraFields', { with: { fields: 2 } })
    expect(fieldsOf(first!)).toEqual(['49', '1', '1717426800', 'extra', 'extra'])
  },
  async missingFields() {
    const [first] = await piecesUnder('missingFields')
    expect(fieldsOf(first!)).toEqual(['49', '1'])
  },
  async lost() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('lost', { on: { message: 'currentTime' }, nth: 2 })
    for (let i = 0; i < 4; i++) client.send(...TIME)
    expect(client.received()).toHaveLength(2)
  },
  noData: refusal('noData', 'HMDS query returned no data'),
  pacingViolation: refusal('pacingViolation', 'Historical data request pacing violation'),
  queryCancelled: refusal('queryCancelled', 'API historical data query cancelled'),
  hmdsDisconnected: refusal(
    'hmdsDisconnected',
    'HMDS server disconnect occurred. Attempting reconnection...',
  ),
  invalidStep: refusal('invalidStep', 'invalid step'),
  noPermissions: refusal('noPermissions', 'No market data permissions for ARCA STK'),
  otherAddress: refusal('otherAddress', 'Trading TWS session is connected from a different IP address'),
  async unanswered() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('unanswered', { on: { symbol: 'SPY' } })
    expect(await stage.history(client, { id: 1 })).toEqual([])
    expect(ids(await stage.history(client, { id: 2, symbol: 'IBM' }))).toEqual(['17'])
  },
  async historyDelay() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('historyDelay', { times: 1, with: { milliseconds: [2_000, 3_000] } })
    client.send(...historyRequest({ id: 1 }))
    await stage.pass(1)
    expect(ids(await stage.history(client, { id: 2, duration: '90 S' }))).toEqual(['17'])
    await stage.pass(2)
    expect(client.received().map(([, id]) => id)).toEqual(['1'])
  },
  async partialBars() {
    const { truth, rows } = await rowsUnder('partialBars', { with: { share: 0.25 } })
    expect(rows).toEqual(truth.slice(0, Math.floor(truth.length / 4)))
  },
  async emptyBars() {
    expect((await rowsUnder('emptyBars')).rows).toEqual([])
  },
  async duplicateBars() {
    const { truth, rows } = await rowsUnder('duplicateBars')
    expect(rows).toEqual([...truth, ...truth.slice(-20)])
  },
  async shuffledBars() {
    const { truth, rows } = await rowsUnder('shuffledBars')
    expect(rows).not.toEqual(truth)
    expect([...rows].sort()).toEqual([...truth].sort())
  },
  async impossibleBars() {
    const { truth, rows } = await rowsUnder('impossibleBars')
    expect(rows.length).toBeGreaterThan(truth.length)
    expect(rows).toEqual(expect.arrayContaining([...truth]))
  },
  async formingBar() {
    for (const format of [1, 2]) {
      const { truth, rows, now } = await rowsUnder('formingBar', {}, { format })
      expect(rows.slice(0, -1)).toEqual(truth)
      expect(now - timeOfRow(rows.at(-1)!)!).toBeLessThan(1_000)
    }
  },
  async lateBars() {
    const { truth, rows } = await rowsUnder('lateBars', {}, { end: '' })
    const isOld = ([time]: readonly string[]) => Number(time) < 1_717_426_800 - 13
    expect(rows.filter(isOld).slice(-10)).toEqual(
      truth
        .filter(isOld)
        .slice(-10)
        .map(() => expect.anything()),
    )
    expect(rows.length).toBeLessThan(truth.length)
  },
  async revisedBar() {
    const { truth, rows } = await rowsUnder('revisedBar')
    expect(rows.slice(0, -1)).toEqual(truth.slice(0, -1))
    expect([rows.at(-1)![0], rows.at(-1)![5]]).toEqual([truth.at(-1)![0], '1'])
  },
  async outOfHoursBars() {
    const { truth, rows } = await rowsUnder('outOfHoursBars')
    expect(rows.slice(5)).toEqual(truth)
    for (const row of rows.slice(0, 5)) expect(new Date(timeOfRow(row)!).getUTCHours()).toBeLessThan(13)
  },
  async volumeInLots() {
    const { truth, rows } = await rowsUnder('volumeInLots')
    expect(rows.map((row) => row[5])).toEqual(truth.map((row) => String(Math.floor(Number(row[5]) / 100))))
  },
  async foreignId() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('foreignId')
    expect((await stage.history(client))[0]![1]).toBe('2000000000')
  },
  async swappedIds() {
    const stage = new Stage()
    const client = stage.client()
    const end = '20240603-15:00:00'
    const [few] = await stage.history(client, { id: 5, duration: '30 S', end })
    const [many] = await stage.history(client, { id: 6, end })
    await stage.pass(20)
    await stage.arm('swappedIds')
    expect(await stage.history(client, { id: 1, duration: '30 S', end })).toEqual([])
    const both = await stage.history(client, { id: 2, end })
    expect(both.map((fields) => [fields[1], fields[4]])).toEqual([
      ['2', few![4]],
      ['1', many![4]],
    ])
  },
  async updatesSilent() {
    const { stage, client, update } = await updating('updatesSilent')
    expect([update(7), update(7), update(8)]).toEqual([0, 0, 0])
    await stage.history(client, { id: 7 })
    stage.tws.faults.disarmAll()
    expect(update(7)).toBe(1)
  },
  async updateSkipped() {
    const { update } = await updating('updateSkipped', { nth: 2 })
    expect([update(7), update(7), update(7)]).toEqual([1, 0, 1])
  },
  async updateRepeated() {
    const { update } = await updating('updateRepeated', { times: 1 })
    expect([update(7), update(7)]).toEqual([2, 1])
  },
  async bustEvent() {
    const stage = new Stage()
    const client = stage.client()
    const bar = (id: number) => {
      client.connection.send([50, 3, id, 1_717_426_800, 1, 1, 1, 1, 1, 1, 1])
      return client.received()
    }
    await stage.arm('bustEvent', { times: 1 })
    expect([codes(bar(3)), bar(3), bar(4).length]).toEqual([['10225'], [], 1])
  },
  async accountDelay() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('accountDelay', { with: { milliseconds: 4_000 } })
    client.connection.send([61, 3, 'DU1', ...Array(13).fill('')])
    client.connection.send([62, 1])
    expect(ids(client.received())).toEqual(['62'])
    await stage.pass(4)
    expect(ids(client.received())).toEqual(['61'])
  },
  async wrongClock() {
    const stage = new Stage()
    await stage.arm('wrongClock', { with: { seconds: -3_600 } })
    expect(await stage.ask(stage.client(), ...TIME)).toEqual([['49', '1', '1717423200']])
  },
  async linkLost() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('linkLost', { for: 25, with: { restored: 1101 } })
    expect([codes(client.received()), await stage.history(client)]).toEqual([['1100'], []])
    expect(codesAtConnect(stage, 9)).toEqual(['2110'])
    client.connection.send([90, 7, ...Array(8).fill('1')])
    expect(await stage.ask(client, ...TIME)).toHaveLength(1)
    client.connection.subscriptions.add('realTimeBars', 9, () => {})
    await stage.pass(25)
    expect(codes(client.received())).toEqual(['1100', '1100', '1101'])
    expect(client.connection.subscriptions.has('realTimeBars', 9)).toBe(false)
    expect(ids(await stage.history(client, { id: 8, duration: '90 S' }))).toEqual(['17'])
    await stage.arm('linkLost', { on: { client: 1 } })
    expect(codesAtConnect(stage, 10)).toEqual(['2104', '2106', '2158'])
  },
  async farmBroken() {
    for (const [farm, told] of [
      ['marketData', ['2103', '2104']],
      ['history', ['2105', '2106']],
      ['definitions', ['2157', '2158']],
    ] as const) {
      const stage = new Stage()
      const client = stage.client()
      await stage.arm('farmBroken', { for: 60, with: { farm } })
      const broken = codes(client.received())
      expect(await stage.history(client)).toHaveLength(farm === 'history' ? 0 : 1)
      expect(codesAtConnect(stage)).toContain(told[0])
      await stage.pass(60)
      expect([...broken, ...codes(client.received())]).toEqual(told)
    }
  },
  async farmsInactive() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('farmsInactive')
    expect(codes(client.received())).toEqual(['2107', '2108'])
  },
  async notice() {
    const stage = new Stage()
    const client = stage.client()
    await stage.arm('notice', { after: 5, every: 10, times: 2, with: { code: 1300, text: 'moved' } })
    await stage.pass(60)
    expect(client.received()).toEqual(Array(2).fill(['4', '2', '-1', '1300', 'moved', '']))
  },
  async requestLost() {
    const stage = new Stage()
    await stage.arm('requestLost', { on: { client: 1, request: 'currentTime' } })
    expect([
      await stage.ask(stage.client(1), ...TIME),
      ids(await stage.ask(stage.client(2), ...TIME)),
    ]).toEqual([[], ['49']])
  },
  async requestRefused() {
    const stage = new Stage()
    await stage.arm('requestRefused', {
      on: { request: 'contractDetails' },
      with: { code: 322, text: 'busy' },
    })
    expect(await stage.ask(stage.client(), 9, 8, 41, 0, 'SPY', 'STK')).toEqual([
      ['4', '2', '41', '322', 'busy', ''],
    ])
  },
  async liveAccount() {
    const stage = new Stage()
    await stage.arm('liveAccount')
    const client = new RawClient(stage.tws)
    client.sendBytes(Buffer.concat([GREETING, START_API]))
    expect(client.received()[1]).toEqual(['15', '1', 'U1234567'])
    expect(await stage.ask(client, 62, 1, 9, 'All', 'NetLiquidation')).toMatchObject([
      ['63', '1', '9', 'U1234567', 'NetLiquidation', '1000000.00', 'USD'],
      ['64', '1', '9'],
    ])
  },
  ...Object.fromEntries(
    (['readOnly', 'competingSession', 'delayedData'] as const).map((name) => [
      name,
      async () => {
        const stage = new Stage()
        await stage.arm(name, { after: 5, for: 5 })
        const seen = [stage.tws.switches[name]]
        for (const seconds of [5, 5]) {
          await stage.pass(seconds)
          seen.push(stage.tws.switches[name])
        }
        expect(seen).toEqual([false, true, false])
      },
    ]),
  ),
}

/** A client to which updates of bars are sent; `update` tells how many messages came of one. */
async function updating(name: string, terms: Terms = {}) {
  const stage = new Stage()
  const client = stage.client()
  await stage.arm(name, terms)
  const update = (id: number) => {
    client.connection.send([90, id, 1, '1717426800', 1, 1, 1, 1, 1, 1])
    return client.received().length
  }
  return { stage, client, update }
}

test.each(Object.keys(FAULTS))('fault %s does what it says', async (name) => {
  await proofs[name]!()
})
