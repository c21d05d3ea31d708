import { openPool } from '../../db/connect.ts'
import { pacingLedger } from '../../db/pacing.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { simulatedClock } from '../../src/clock/simulated.ts'
import { timeline } from '../../src/clock/world.ts'
import { liveDemand } from '../../src/collection/collect.ts'
import { ledgerPacing } from '../../src/gateway/pacing.ts'
import { pacingRules } from '../../src/gateway/pacingRules.ts'
import { createLog } from '../../src/log.ts'
import { sessionAt } from '../../src/market/session.ts'
import { type EpochMs, epochMs, plus, SECOND_MS } from '../../src/market/time.ts'
import type { HistoricalRequest } from '../../src/ports/marketData.ts'
import type { Lane } from '../../src/ports/pacing.ts'
import type { ClientPlan, Grant } from './ledgerClients.ts'

// One process of several on one ledger. It has a symbol of its own, for which it asks live every 45 s of an open
// session and for history without end, and says on a line each what it was granted.
const plan = JSON.parse(process.argv[2]!) as ClientPlan
const { url, user, users, speed, start, anchor, until } = plan
const world = { start: epochMs(start), speed, seed: 1, tape: 'none', skip: null }
const market = simulatedClock(machineClock, timeline(world), epochMs(anchor))
const pool = openPool({ url, purpose: 'jobs', log: createLog('error') })
const pacing = ledgerPacing({
  ledger: pacingLedger(pool),
  market,
  rules: pacingRules(speed),
  demand: liveDemand('rth'),
})
const TICK_MS = 15 * SECOND_MS

let asked = 0
const request = (): HistoricalRequest => ({
  from: plus(market.now(), -1_000 * ++asked),
  to: market.now(),
  instrument: {
    ...{ id: user, symbol: `S${user}`, conId: user, exchange: 'SMART', primaryExchange: 'ARCA' },
    ...{ currency: 'USD', minTick: 0.01, priceScale: 10_000, tracked: true },
  },
  size: '1s',
  session: 'rth',
})

/** A slot that has grown too old is paid for and not used, as the gateway does it. */
async function ask(lane: Lane): Promise<void> {
  const first = market.now()
  const wanted = request()
  let isHeldBack = false
  let reservation = await pacing.reserve(wanted, lane)
  for (; !reservation.granted; reservation = await pacing.reserve(wanted, lane)) {
    isHeldBack = true
    await market.sleepUntil(reservation.freeAt)
  }
  const { at, sendBefore } = reservation.slot
  const now = market.now()
  const heldBackMs = isHeldBack ? at - first : 0
  tell({ lane, at, sentAt: now > sendBefore ? null : now, heldBackMs })
}

/** Written before the process goes on: a pipe takes a short line at once. */
const tell = (grant: Grant): void => void process.stdout.write(`${JSON.stringify(grant)}\n`)

async function backlog(): Promise<void> {
  while (market.now() < until) await ask('backfill')
}

async function live(): Promise<void> {
  for (let due = nextTurn(); due < until; due = nextTurn()) {
    await market.sleepUntil(due)
    if (sessionAt(due, 'rth')) await ask('live')
  }
}

/** The symbols take turns, a tick each. */
function nextTurn(): EpochMs {
  const roundMs = users * TICK_MS
  const turn = plus(epochMs(Math.floor(market.now() / roundMs) * roundMs), user * TICK_MS)
  return turn > market.now() ? turn : plus(turn, roundMs)
}

console.log('asks')
await Promise.all([backlog(), live()])
await pool.end()
