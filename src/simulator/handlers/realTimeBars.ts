import { floorTo, later, MINUTE_MS, plus } from '../../market/time.ts'
import { readContract } from '../contract.ts'
import type { Handler, Served } from '../handler.ts'
import { barsOf } from '../history/bars.ts'
import { barRows } from '../history/rows.ts'
import type { QuoteKind } from '../history/shown.ts'
import { stepNamed } from '../history/step.ts'
import { realTimeBar } from '../messages/history.ts'
import { runStream } from '../subscriptions.ts'
import { admitted } from '../ticks/admission.ts'
import { noPermissions } from '../ticks/entitlement.ts'
import { unknownTicker } from './marketData.ts'

/** TWS makes real-time bars of this length alone, whatever is asked for. */
const STEP = stepNamed('5 secs')!

const SHOWN = ['TRADES', 'MIDPOINT', 'BID', 'ASK'] as const

type BarKind = 'TRADES' | Exclude<QuoteKind, 'BID_ASK'>

interface BarStream {
  readonly id: number
  readonly symbol: string
  readonly shown: BarKind
  readonly regularHours: boolean
}

/** `50 3 reqId C12 barSize whatToShow useRTH options`. */
export const realTimeBars: Handler = (fields, served) => {
  const [id, contract] = [fields.skip(1).integer(), readContract(fields)]
  const what = fields.skip(1).text()
  const shown = SHOWN.find((kind) => kind === what)
  const regularHours = fields.flag()
  const { client, tws } = served
  if (!shown) return client.refuse(id, WRONG_KIND)
  const listing = admitted({ kind: 'realTimeBars', id, contract }, served)
  if (!listing) return
  if (tws.switches.delayedData) return client.refuse(id, invalidQuery(noPermissions(listing)))
  if (!tws.realTimeBars.admit(tws.now()) && tws.switches.pacing !== 'off') {
    tws.violated('realTimeBars', client, `request ${id}: more than 60 subscriptions in ten minutes`)
    return client.refuse(id, invalidQuery('Historical data request pacing violation'))
  }
  stream({ id, symbol: listing.symbol, shown, regularHours }, served)
}

const WRONG_KIND = {
  code: 321,
  text: "Error validating request.-'bY' : cause - What to show field is missing or incorrect.",
}

const invalidQuery = (reason: string) => ({ code: 420, text: `Invalid Real-time Query:${reason}` })

/** After a jump of the clock no more than this is told again. */
const LONGEST_CATCH_UP_MS = 10 * MINUTE_MS

/** One bar for every five seconds of the session, those without a trade flat: TWS sends them all. */
function stream({ id, symbol, shown, regularHours }: BarStream, { client, tws }: Served): void {
  const switches = {
    ...tws.switches,
    quietBars: 'flat',
    newestBarsLagMs: 0,
    newestBarsUnsettledMs: 0,
  } as const
  const session = regularHours ? 'rth' : 'all'
  let told = floorTo(tws.now(), STEP.ms)
  runStream(tws, client, { kind: 'realTimeBars', id, everyMs: STEP.ms }, () => {
    const to = floorTo(tws.now(), STEP.ms)
    const from = later(told, plus(to, -LONGEST_CATCH_UP_MS))
    told = to
    const plan = { kind: 'plan', step: STEP, session, shown, from, to, zoneMissing: false } as const
    const bars = barsOf({ market: tws.market, days: tws.days, now: to, switches }, symbol, plan)
    for (const row of barRows(bars, { step: STEP, format: 2, shown })) client.send(realTimeBar(id, row))
  })
}

/** `51 1 reqId`. */
export const cancelRealTimeBars: Handler = (fields, { client }) => {
  const id = fields.skip(1).integer()
  if (!client.subscriptions.stop('realTimeBars', id)) client.refuse(id, unknownTicker(id))
}
