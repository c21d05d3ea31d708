import { expect, test } from 'vitest'
import { event } from '../../openapi/events.ts'
import { getJson, until } from '../support/client.ts'
import { BUSY } from './sawtooth.ts'
import { type LiveDecision, tradingStage } from './tradingStage.ts'

interface Report {
  readonly decisions: number
  readonly fills: readonly { readonly live: object | null; readonly replay: object | null }[]
  readonly differences: readonly {
    readonly kind: string
    readonly cause: string | null
    readonly detail: string
  }[]
}

interface Told {
  readonly data: { readonly date: string; readonly netPnl: number }
}

const DATE = '2024-06-03'
/** How many minutes before the close it begins: 390 are the whole session. */
const MINUTES = Number(process.env.PARITY_MINUTES ?? 45)
const SPEED = Number(process.env.PARITY_SPEED ?? 60)
const LIVED_MS = (MINUTES * 66_000) / SPEED + 45_000
const TEST_MS = LIVED_MS + 200_000
const START = new Date(Date.parse(`${DATE}T20:00:00Z`) - MINUTES * 60_000).toISOString()
/** What is decided at the very last close may be kept for the next open. */
const LAST_BUT_ONE = '2024-06-03T19:58:00Z'

test('a session, traded live, equals its replay: no difference is without a cause', {
  timeout: TEST_MS,
}, async () => {
  const stage = await tradingStage({ SIM_START: START, SIM_SPEED: String(SPEED) })
  const service = await stage.service({}, BUSY)
  const parity = () => getJson<Report>(`${service.address}/v1/parity?date=${DATE}`)
  await expect(parity()).rejects.toThrow('has not closed yet')
  const last = async () => (await service.list<LiveDecision>('decisions')).at(-1)!.time
  await until(async () => (await last()) >= LAST_BUT_ONE, LIVED_MS)
  const covered = async () => {
    const { items } = await getJson<{ items: { expectedSeconds: number; coveredSeconds: number }[] }>(
      `${service.address}/v1/coverage?symbol=SPY&from=${DATE}T13:00:00Z&to=${DATE}T21:00:00Z`,
    )
    return items.every(({ expectedSeconds, coveredSeconds }) => expectedSeconds === coveredSeconds)
  }
  await until(covered, 60_000)
  const report = await parity()
  if (process.env.PARITY_MINUTES !== undefined) console.log(JSON.stringify(report))
  const decided = (await service.list<LiveDecision>('decisions')).length
  expect(report.decisions).toBe(decided)
  expect(report.fills.filter(({ live, replay }) => live !== null && replay !== null).length).toBeGreaterThan(
    4,
  )
  expect(report.differences.filter(({ cause }) => cause === null)).toEqual([])

  // Within minutes of the close both are told, of what the day was.
  const told = async (type: string) =>
    (await getJson<{ items: Told[] }>(`${service.address}/v1/events/log?types=${type}`)).items
  await until(async () => (await told('day.summary')).length > 0, 60_000)
  await until(async () => (await told('parity.report')).length > 0, 60_000)
  const [[parityTold], [summary]] = [await told('parity.report'), await told('day.summary')]
  expect(event.parse(parityTold)).toMatchObject({ data: { date: DATE } })
  const trades = await service.list<{ netPnl: number }>('trades')
  expect(event.parse(summary)).toMatchObject({
    data: {
      date: DATE,
      symbol: 'SPY',
      trades: trades.length,
      decisions: decided,
      coverage: 1,
      reconciled: true,
    },
  })
  expect(summary!.data.netPnl).toBeCloseTo(
    trades.reduce((sum, { netPnl }) => sum + netPnl, 0),
    6,
  )
})
