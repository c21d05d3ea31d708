import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { backfills, gaps, untilReady } from './afterwards.ts'
import { backtesting, yearOfMinutes } from './backtesting.ts'
import { Latencies } from './latencies.ts'
import { restarts } from './restarts.ts'
import { type LoadedService, startLoadedService } from './service.ts'
import { brokenAt, stream } from './streams.ts'
import { type Mix, traffic } from './traffic.ts'
import { scrape, watch } from './watch.ts'

// `npm run bench:load`: the service as it is started by anybody, collecting and trading, while clients ask, listen and
// backtest, and, with --restarts, while its database is killed. 1 when a promise is broken.
const options = new Command('bench:load')
  .option('--minutes <count>', 'how long', Number, 5)
  .option('--rate <count>', 'requests a second', Number, 300)
  .option('--streams <count>', 'readers of the event stream', Number, 100)
  .option('--speed <factor>', "of the simulated market's clock; ticks come so much oftener", Number, 1)
  .option('--restarts <count>', 'kills of the database meanwhile', Number, 0)
  .parse()
  .opts<{ minutes: number; rate: number; streams: number; speed: number; restarts: number }>()

/** A weekend lacks nothing: its backfill is a row, two entries of the audit log and an event for every follower. */
const WEEKEND = { symbol: 'SPY', from: '2024-06-01T10:00:00Z', to: '2024-06-01T11:00:00Z' }

const MIX: readonly Mix[] = [
  { path: '/v1/bars?symbol=SPY&limit=100', share: 30 },
  { path: '/v1/candles?symbol=SPY&size=5m&limit=50', share: 30 },
  { path: '/v1/candles?symbol=SPY&size=1m&limit=200', share: 10 },
  { path: '/v1/gateway', share: 10 },
  { path: '/v1/positions', share: 5 },
  { path: '/v1/trader', share: 5 },
  { path: '/v1/jobs', share: 5 },
  { path: '/health/live', share: 4 },
  { path: '/v1/backfills', share: 1, body: JSON.stringify(WEEKEND) },
]

const TICK_S = 15

/** At a third of the rate, and not counted: code that has just been loaded is slow, and a service runs for months. */
const WARM_UP_MS = 30_000

interface Promised {
  readonly what: string
  readonly measured: string
  readonly goal: string
  readonly holds: boolean
}

async function prepare(service: LoadedService): Promise<void> {
  await knows(service, 'SPY')
  const answer = await fetch(`${service.url}/v1/bars/imports?symbol=SPY&size=1m`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv', Authorization: `Bearer ${service.token}` },
    body: yearOfMinutes(),
  })
  if (!answer.ok) throw new Error(`the import answers ${answer.status}: ${await answer.text()}`)
  await sleep(10_000)
}

async function knows({ url }: LoadedService, symbol: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if ((await fetch(`${url}/v1/instruments/${symbol}`)).ok) return
    await sleep(100)
  }
  throw new Error(`${symbol} is not known after half a minute`)
}

async function loaded(service: LoadedService): Promise<Promised[]> {
  const { url } = service
  const runMs = options.minutes * 60_000
  const posted: string[] = []
  const onPosted = (text: string) => void posted.push((JSON.parse(text) as { id: string }).id)
  const { token } = service
  const ask = { url, token, onPosted, perSecond: options.rate, mix: MIX, random: seededRandom(5) }
  const uncounted = { onPosted() {}, perSecond: options.rate / 3, random: seededRandom(6) }
  await traffic({ ...ask, ...uncounted }, AbortSignal.timeout(WARM_UP_MS))
  const first = await scrape(url)
  const over = AbortSignal.timeout(runMs)
  const [seen, streams, backtests, watched, down] = await Promise.all([
    traffic(ask, over),
    Promise.all(Array.from({ length: options.streams }, () => stream(url, over))),
    backtesting(url, over),
    watch(url, first, over),
    restarts(service, options.restarts, runMs),
  ])
  const all = together(seen)
  for (const [path, each] of seen)
    console.log(
      `${path}  ${each.count}  p50 ${each.quantile(0.5).toFixed(1)} ms  p99 ${each.quantile(0.99).toFixed(1)} ms  (${each.told()})`,
    )
  const expected = Math.floor((runMs / 1_000) * (options.speed / TICK_S))
  const isCalm = options.restarts === 0
  const sequences = new Set(streams.flatMap((each) => each.sequences))
  const broken = streams.reduce((sum, each) => sum + brokenAt(each, sequences), 0)
  const refused = [...all.statuses].filter(([status]) => !isFine(status, isCalm))
  const gapSeconds = await gaps(url)
  const kept = new Set(await backfills(url))
  const lost = posted.filter((id) => !kept.has(id)).length
  const reasons = await untilReady(url)
  const slowest = Math.max(0, ...down.map(({ writingAgainMs }) => writingAgainMs))
  return [
    {
      what: 'requests answered',
      measured: `${all.count} (${all.told()})`,
      goal: isCalm ? 'all 200 or 202' : '200, 202 or 503',
      holds: refused.length === 0,
    },
    {
      what: 'p99 of requests',
      measured: `${all.quantile(0.99).toFixed(1)} ms`,
      goal: isCalm ? '<= 100 ms' : 'told',
      holds: !isCalm || all.quantile(0.99) <= 100,
    },
    {
      what: 'collection ticks',
      measured: `${watched.ticks} of ${expected}, ${watched.lateTicks} a tick late, ${watched.failedTicks} failed`,
      goal: isCalm ? '0 missed' : 'told',
      holds: !isCalm || (watched.ticks >= expected - 1 && watched.lateTicks + watched.failedTicks === 0),
    },
    {
      what: 'backfills that were accepted',
      measured: `${posted.length}, ${lost} lost`,
      goal: '0 lost',
      holds: lost === 0,
    },
    { what: 'seconds missing at the end', measured: String(gapSeconds), goal: '0', holds: gapSeconds === 0 },
    {
      what: 'readers of the stream',
      measured: `${streams.length}, ${sequences.size} events, ${broken} out of order or lost`,
      goal: '0 lost',
      holds: broken === 0,
    },
    {
      what: 'delay of the event loop, p99',
      measured: `${(watched.loopP99 * 1_000).toFixed(1)} ms`,
      goal: isCalm ? '<= 50 ms' : 'told',
      holds: !isCalm || watched.loopP99 <= 0.05,
    },
    { what: 'backtests of a year of 5m', measured: String(backtests), goal: '>= 1', holds: backtests >= 1 },
    { what: 'resident memory', measured: `${watched.residentMiB.toFixed(0)} MiB`, goal: 'told', holds: true },
    ...(isCalm
      ? []
      : [
          {
            what: `writing again after ${down.length} kills of the database`,
            measured: `at most ${slowest.toFixed(0)} ms`,
            goal: '<= 5,000 ms',
            holds: slowest <= 5_000,
          },
        ]),
    {
      what: 'the service',
      measured: service.exitCode() === null ? `runs, ${reasons ?? 'ready'}` : 'has ended',
      goal: 'runs, ready',
      holds: service.exitCode() === null && reasons === null,
    },
  ]
}

const isFine = (status: number | string, isCalm: boolean): boolean =>
  status === 200 || status === 202 || (!isCalm && status === 503)

function together(seen: ReadonlyMap<string, Latencies>): Latencies {
  const all = new Latencies()
  for (const each of seen.values()) all.take(each)
  return all
}

const service = await startLoadedService({
  SIM_SPEED: String(options.speed),
  SIM_START: '2024-06-03T13:40:00Z',
  BACKFILL_SESSIONS: '1',
})
const promised = await prepare(service)
  .then(() => loaded(service))
  .finally(() => service.stop())
console.log(['what', 'measured', 'goal', ''].join(' | '))
for (const { what, measured, goal, holds } of promised)
  console.log([what, measured, goal, holds ? 'holds' : 'MISSED'].join(' | '))
for (const line of service.output().split('\n')) if (line.includes('"collect-bars"')) console.error(line)
process.exitCode = promised.every(({ holds }) => holds) ? 0 : 1
