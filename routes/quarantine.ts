import { excludeBar, listQuarantine, releaseBar } from '../openapi/quarantine.ts'
import { missing } from '../src/errors.ts'
import { type Exclusion, exclusionsOf } from '../src/exclusion.ts'
import type { Bar } from '../src/market/series.ts'
import { isoInstant } from '../src/market/time.ts'
import type { QuarantineItem } from '../src/ports/quarantine.ts'
import type { AppDeps } from './deps.ts'
import { given } from './given.ts'
import { instantOrNull, rangeOf } from './instants.ts'
import { instrumentOf } from './instruments.ts'
import { keyAfter, limitOf, pageOf } from './page.ts'
import { type Route, route } from './route.ts'

export const quarantineRoutes = (deps: AppDeps): Route[] => [
  route(listQuarantine).to(async ({ query }) => {
    const after = keyAfter('quarantine', query)
    const { symbol, from, to, kind, state } = query
    const found = await deps.stores.quarantine.list({
      ...(symbol === undefined ? {} : { instrument: await instrumentOf(deps.stores, symbol) }),
      ...(from === undefined && to === undefined ? {} : rangeOf(query)),
      ...given({ kind, state }),
      ...(after === null ? {} : { after }),
      limit: limitOf(query) + 1,
    })
    const { items, nextCursor } = pageOf('quarantine', found, query, ({ id }) => id)
    return { status: 200, body: { items: await shown(deps, items), nextCursor } }
  }),
  route(excludeBar).to(async ({ params }) => ({
    status: 200,
    body: await decided(deps, params.id, 'excluded'),
  })),
  route(releaseBar).to(async ({ params }) => ({
    status: 200,
    body: await decided(deps, params.id, 'released'),
  })),
]

async function decided(deps: AppDeps, id: string, decision: 'excluded' | 'released') {
  const item = await deps.stores.quarantine.decide(id, decision)
  if (item === null) throw missing(`There is nothing called ${id} in the quarantine.`)
  const [body] = await shown(deps, [item])
  return body!
}

async function shown(deps: AppDeps, items: readonly QuarantineItem[]) {
  const exclusions = await exclusionsOf(deps, items)
  return items.map(({ instrument, time, marketTime, machineTime, sample, ...item }, i) => ({
    ...item,
    symbol: instrument.symbol,
    time: instantOrNull(time),
    bar: deliveredRow(sample),
    marketTime: instantOrNull(marketTime),
    machineTime: isoInstant(machineTime),
    exclusion: shownExclusion(exclusions[i]!),
  }))
}

const NOTHING = {
  ...{ time: null, open: null, high: null, low: null, close: null },
  ...{ volume: null, vwap: null, tradeCount: null },
}

const deliveredRow = (sample: string): typeof NOTHING => ({ ...NOTHING, ...JSON.parse(sample) })

function shownExclusion(exclusion: Exclusion | null) {
  if (exclusion === null) return null
  const { session, candles, levels } = exclusion
  return {
    session,
    candles: candles.map(({ size, time, ...sides }) => ({
      size,
      time: isoInstant(time),
      with: shownCandle(sides.with),
      without: sides.without && shownCandle(sides.without),
    })),
    levels: levels.map(({ from, to, ...level }) => ({
      ...level,
      from: isoInstant(from),
      to: isoInstant(to),
    })),
  }
}

const shownCandle = ({ time, ...values }: Bar) => ({ time: isoInstant(time), ...values })
