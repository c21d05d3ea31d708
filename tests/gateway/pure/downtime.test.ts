import { expect, test } from 'vitest'
import { openAlerts } from '../../../src/alerts.ts'
import { strangeAccounts } from '../../../src/gateway/account.ts'
import { ClockSkew } from '../../../src/gateway/clockSkew.ts'
import { downtimeAt, isLoginWeekend } from '../../../src/gateway/downtime.ts'
import { Outage } from '../../../src/gateway/outage.ts'
import { overload } from '../../../src/gateway/overload.ts'
import { MINUTE_MS, parseInstant } from '../../../src/market/time.ts'
import { manualClock } from '../../support/manualClock.ts'
import { silentLog } from '../../support/simulator.ts'

/** New York is 4 h behind UTC in June: 03:40Z is 23:40 of the day before. */
const TIMES: [string, string, string | null][] = [
  ['a Tuesday’s noon', '2024-06-04T16:00:00Z', null],
  ['before the restart at night', '2024-06-05T03:39:00Z', null],
  ['the restart at night', '2024-06-05T03:41:00Z', 'nightlyReset'],
  ['the reset after midnight', '2024-06-05T05:44:00Z', 'nightlyReset'],
  ['after the reset', '2024-06-05T05:45:00Z', null],
  ['Friday’s night', '2024-06-08T04:30:00Z', 'weekend'],
  ['Saturday’s noon', '2024-06-08T16:00:00Z', null],
  ['Sunday’s end of the login', '2024-06-09T05:00:00Z', 'weeklyLogin'],
  ['the night of the clock change', '2024-11-03T05:30:00Z', 'weeklyLogin'],
]
for (const [title, at, name] of TIMES) {
  test(`${title} is ${name === null ? 'no planned downtime' : `planned: ${name}`}`, () => {
    expect(downtimeAt(parseInstant(at))?.name ?? null).toBe(name)
  })
}

test('the login that ends on Sunday may be missing until Monday’s open', () => {
  expect(isLoginWeekend(parseInstant('2024-06-09T04:59:00Z'))).toBe(false)
  expect(isLoginWeekend(parseInstant('2024-06-09T05:01:00Z'))).toBe(true)
  expect(isLoginWeekend(parseInstant('2024-06-10T13:29:00Z'))).toBe(true)
  expect(isLoginWeekend(parseInstant('2024-06-10T13:31:00Z'))).toBe(false)
})

/** Loses TWS at an instant and looks every ten seconds; how many minutes later the alert stands, and what it says. */
async function alertAfter(at: string): Promise<{ minutes: number; detail: string; needsLogin: boolean }> {
  const market = manualClock(parseInstant(at))
  const alerts = openAlerts({ market, log: silentLog })
  const outage = new Outage(market, alerts)
  for (let minutes = 0; ; minutes += 1 / 6) {
    outage.goesOn('nobody listens')
    const [alert] = alerts.standing()
    if (alert) return { minutes: Math.round(minutes), detail: alert.detail, needsLogin: outage.needsLogin }
    await market.advance(MINUTE_MS / 6)
  }
}

test('an outage by day is told after a minute', async () => {
  expect(await alertAfter('2024-06-04T16:00:00Z')).toMatchObject({ minutes: 1, needsLogin: false })
})

test('a night’s outage is quiet until ten minutes after the reset', async () => {
  expect(await alertAfter('2024-06-05T03:45:00Z')).toMatchObject({ minutes: 130 })
})

test('a weekly login that nobody has renewed is told as such', async () => {
  const { minutes, detail, needsLogin } = await alertAfter('2024-06-09T05:00:00Z')
  expect(minutes).toBe(55)
  expect(needsLogin).toBe(true)
  expect(detail).toBe(
    'not connected since 2024-06-09T05:00:00Z: nobody listens; the weekly login has ended: log in to TWS',
  )
})

test('an outage that has ended takes its alert back', async () => {
  const market = manualClock(parseInstant('2024-06-04T16:00:00Z'))
  const alerts = openAlerts({ market, log: silentLog })
  const outage = new Outage(market, alerts)
  outage.goesOn('x')
  await market.advance(2 * MINUTE_MS)
  outage.goesOn('x')
  expect(alerts.standing()).toHaveLength(1)
  outage.ended()
  expect(alerts.standing()).toEqual([])
})

test('a skew is what the travel of question and answer does not explain', async () => {
  const market = manualClock(parseInstant('2024-06-04T16:00:00Z'))
  const alerts = openAlerts({ market, log: silentLog })
  const skew = new ClockSkew(market, alerts)
  const told = async (seconds: number) => {
    skew.asked()
    await market.advance(1_500)
    skew.told(Math.floor(market.now() / 1_000) + seconds)
    return skew.ms
  }
  expect(skew.ms).toBeNull()
  expect(await told(0)).toBe(0)
  expect(await told(-1)).toBe(0)
  expect(alerts.standing()).toEqual([])
  expect(await told(5)).toBeGreaterThan(2_000)
  expect(alerts.standing()).toMatchObject([{ name: 'gateway.clockSkew' }])
  expect(await told(0)).toBe(0)
  expect(alerts.standing()).toEqual([])
  expect(await told(-5)).toBeLessThan(-2_000)
  expect(alerts.standing()).toHaveLength(1)
})

const LOGINS: [string, string[] | null, string[], boolean][] = [
  ['the first connection may be anybody', null, ['DU1'], false],
  ['the same account is the same', ['DU1'], ['DU1'], false],
  ['one account more is the same', ['DU1'], ['DU2', 'DU1'], false],
  ['paper that has become live is strange', ['DU1'], ['U1'], true],
  ['another paper account is strange', ['DU1'], ['DU2'], true],
]
for (const [title, known, now, strange] of LOGINS) {
  test(title, () => {
    expect(strangeAccounts(known, now) !== null).toBe(strange)
  })
}

const BODIES: [string, (string | number)[], string | null][] = [
  ['a count that fits is passed on', [17, 1, 'a', 'b', 1, 't', 1, 1, 1, 1, 1, 1, 1], null],
  [
    '2^31 bars in a short frame',
    [17, 1, 'a', 'b', 2 ** 31, 't'],
    'a frame of 6 fields announces 2147483648 items',
  ],
  ['a negative count', [17, 1, 'a', 'b', -1], 'a frame of 5 fields announces -1 items'],
  ['4e9 sessions', [106, 1, 'a', 'b', 'c', 4e9], 'a frame of 6 fields announces 4000000000 items'],
  ['a frame without its count', [106, 1], null],
  ['far too many fields', [9, ...Array(20_001).fill(1)], 'a frame has 20002 fields'],
]
for (const [title, fields, reason] of BODIES) {
  test(`${title}${reason === null ? '' : ' is kept from the decoder'}`, () => {
    expect(overload(Buffer.from(fields.map((field) => `${field}\0`).join('')))).toBe(reason)
  })
}
