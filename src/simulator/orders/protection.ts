import { sessionsBetween } from '../../market/session.ts'
import { type EpochMs, earlier, later } from '../../market/time.ts'
import type { Tws } from '../tws.ts'
import type { Order } from './order.ts'
import { isStop } from './terms.ts'

/** What was held of a stock from an instant on, and what of it stops would have sold. */
export interface Cover {
  readonly account: string
  readonly symbol: string
  readonly time: EpochMs
  /** Shares. */
  readonly position: number
  /** Shares in sell stops that IB holds: those that wait for a parent, or do not work, are none. */
  readonly stopped: number
}

/** A time in which stops would have sold less than was held. */
export interface NakedSpan extends Pick<Cover, 'account' | 'symbol'> {
  readonly from: EpochMs
  /** Null when it has not ended. */
  readonly to: EpochMs | null
  /** The most shares that no stop stood for. */
  readonly shares: number
  /** How much of it, until now, lies in regular hours. */
  readonly openMs: number
}

/** Keeps the history of positions and of the stops that protect them: the judge of who trades. */
export class Protection {
  readonly #tws: Tws
  readonly #covers: Cover[] = []
  readonly #last = new Map<string, Cover>()

  constructor(tws: Tws) {
    this.#tws = tws
    for (const { id, positions } of tws.books.all) for (const { symbol } of positions) this.#look(id, symbol)
    tws.books.onChange(({ id }, { position }) => this.#look(id, position.symbol))
    tws.floor.onEvent(({ order }) => this.#look(order.account, order.terms.symbol))
  }

  /** Each change, oldest first. */
  historyOf(account: string): readonly Cover[] {
    return this.#covers.filter((cover) => cover.account === account)
  }

  nakedSpans(account: string): NakedSpan[] {
    const covers = this.historyOf(account)
    const symbols = [...new Set(covers.map(({ symbol }) => symbol))]
    return symbols.flatMap((symbol) =>
      spansOf(
        covers.filter((cover) => cover.symbol === symbol),
        this.#tws.now(),
      ),
    )
  }

  #look(account: string, symbol: string): void {
    const cover = { account, symbol, time: this.#tws.floor.at(), ...this.#nowOf(account, symbol) }
    const key = `${account} ${symbol}`
    const last = this.#last.get(key)
    if (last && last.position === cover.position && last.stopped === cover.stopped) return
    if (last?.time === cover.time) this.#covers.splice(this.#covers.lastIndexOf(last), 1)
    this.#last.set(key, cover)
    this.#covers.push(cover)
  }

  #nowOf(account: string, symbol: string): Pick<Cover, 'position' | 'stopped'> {
    const { books, floor } = this.#tws
    const stops = floor.orders.live.filter(
      (order) => order.account === account && order.terms.symbol === symbol && protects(order),
    )
    const stopped = stops.reduce((sum, { workable }) => sum + workable, 0)
    return { position: books.named(account)!.position(symbol).quantity, stopped }
  }
}

const protects = ({ terms, phase, hold }: Order): boolean =>
  terms.action === 'SELL' && isStop(terms) && hold === null && (phase === 'working' || phase === 'resting')

const gapOf = ({ position, stopped }: Cover): number => Math.max(0, position - stopped)

function spansOf(covers: readonly Cover[], now: EpochMs): NakedSpan[] {
  const spans: NakedSpan[] = []
  let begin = 0
  for (let i = 0; i < covers.length; i++) {
    if (gapOf(covers[i]!) === 0) continue
    if (i === 0 || gapOf(covers[i - 1]!) === 0) begin = i
    const to = covers[i + 1]?.time ?? null
    if (to === null || gapOf(covers[i + 1]!) === 0) spans.push(spanOf(covers.slice(begin, i + 1), to, now))
  }
  return spans
}

function spanOf(covers: readonly Cover[], to: EpochMs | null, now: EpochMs): NakedSpan {
  const { account, symbol, time: from } = covers[0]!
  const shares = Math.max(...covers.map(gapOf))
  return { account, symbol, from, to, shares, openMs: openMs(from, to ?? now) }
}

/** How much of a time lies in regular hours. */
const openMs = (from: EpochMs, to: EpochMs): number =>
  sessionsBetween({ from, to }, 'rth').reduce(
    (sum, session) => sum + (earlier(session.to, to) - later(session.from, from)),
    0,
  )
