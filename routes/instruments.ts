import { addInstrument, changeInstrument, getInstrument, listInstruments } from '../openapi/instruments.ts'
import { conflict, missing } from '../src/errors.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { MOST_TRACKED } from '../src/market/polling.ts'
import type { Stores } from '../src/ports/stores.ts'
import type { AppDeps } from './deps.ts'
import { pageOfAll } from './page.ts'
import { type Route, route } from './route.ts'

export const instrumentRoutes = (deps: AppDeps): Route[] => [
  route(listInstruments).to(async ({ query }) => {
    const all = await deps.stores.instruments.list()
    const { items, nextCursor } = pageOfAll('instruments', all, query, ({ symbol }) => symbol)
    return { status: 200, body: { items: items.map(shown), nextCursor } }
  }),
  route(addInstrument).to(async ({ body }) => {
    const added = await add(deps, body.symbol)
    const headers = { Location: `/v1/instruments/${encodeURIComponent(added.symbol)}` }
    return { status: 201, headers, body: shown(added) }
  }),
  route(getInstrument).to(async ({ params }) => {
    const found = await instrumentOf(deps.stores, params.symbol)
    return { status: 200, body: shown(found) }
  }),
  route(changeInstrument).to(async ({ params, body }) => {
    const { symbol } = await instrumentOf(deps.stores, params.symbol)
    if (body.tracked) await checkRoom(deps.stores, symbol)
    const changed = await deps.stores.instruments.track(symbol, body.tracked)
    return { status: 200, body: shown(changed ?? unknown(symbol)) }
  }),
]

/** The instrument of a symbol that a client names, or 404. */
export const instrumentOf = async (
  stores: Pick<Stores, 'instruments'>,
  symbol: string,
): Promise<Instrument> => (await stores.instruments.find(symbol)) ?? unknown(symbol)

/**
 * The same for the bars of an instrument, asked of the database once for each symbol: its id and scale never change.
 * Whether it is tracked may have changed since.
 */
export function knownInstruments(stores: Pick<Stores, 'instruments'>) {
  const known = new Map<string, Instrument>()
  return async (symbol: string): Promise<Instrument> => {
    const instrument = known.get(symbol) ?? (await instrumentOf(stores, symbol))
    known.set(symbol, instrument)
    return instrument
  }
}

function unknown(symbol: string): never {
  throw missing(`The symbol ${symbol} is not known; POST /v1/instruments adds it.`)
}

async function add({ stores, gateway }: AppDeps, symbol: string): Promise<Instrument> {
  await checkRoom(stores, symbol)
  const saved = await stores.instruments.save(await gateway.qualify(symbol))
  return (await stores.instruments.track(saved.symbol, true)) ?? saved
}

async function checkRoom({ instruments }: Stores, symbol: string): Promise<void> {
  const others = (await instruments.list()).filter((it) => it.tracked && it.symbol !== symbol)
  if (others.length < MOST_TRACKED) return
  throw conflict(
    `${MOST_TRACKED} instruments are tracked, the most that IB's pacing allows; stop tracking one first.`,
  )
}

const shown = ({ id: _id, priceScale: _scale, ...instrument }: Instrument) => instrument
