import { isRetryable, messageOf } from '../errors.ts'
import type { Instrument } from '../market/instrument.ts'
import { plus, SECOND_MS } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import { attend, catchUp, isQuiet, readBooks, Tries } from './attend.ts'
import { BrokerView } from './brokerView.ts'
import { Decider } from './decider.ts'
import { Inbox, type InboxItem } from './inbox.ts'
import type { Ledger } from './ledger.ts'
import { onBooks } from './onBooks.ts'
import { beginSession, onReport } from './onReport.ts'
import type { Parts } from './parts.ts'
import { prepared, REMEMBERED_MS } from './prepare.ts'
import { Showing } from './showing.ts'
import type { RunTrader, TraderDeps } from './traderDeps.ts'
import { follow, onCandle, onWarm } from './warming.ts'

/** How often it looks whether something is to be done, in machine time: oftener while something is. */
const LOOK_MS = SECOND_MS
const LOOK_SOON_MS = SECOND_MS / 5
/** The database is asked again after so long. */
const RETRY_MS = SECOND_MS / 2

/** Trades until the signal is aborted: one item of the inbox after the other, each stored before anything follows from it. */
export const runTrader: RunTrader = async (deps, signal) => {
  const { instrument, ledger } = await prepared(deps, signal)
  const trader = new Trader(deps, instrument, ledger)
  await trader.run(signal)
}

const isUnderWay = ({ purpose }: Intent): boolean => purpose !== 'stop'

class Trader {
  readonly #parts: Parts
  readonly #tries = new Tries()
  readonly #showing: Showing
  #series = 0
  #unfollow: () => void = () => {}
  #followed = ''
  #version: number | null = null
  /** When last looked nothing was to be done. */
  #isIdle = false
  #wake: { readonly at: number; readonly stop: () => void } | null = null
  #stopDue: () => void = () => {}
  #fault: { readonly error: unknown } | null = null
  #signal!: AbortSignal

  constructor(deps: TraderDeps, instrument: Instrument, ledger: Ledger) {
    this.#parts = {
      ...{ deps, instrument, ledger, inbox: new Inbox(), view: new BrokerView(), costs: new Map() },
      decider: new Decider(ledger.trader.settings, instrument),
      ...{
        isWarm: false,
        made: [],
        waits: null,
        accountRefusal: null,
        price: null,
        moves: 0,
        isPuzzled: false,
      },
      ...{ isAsking: false, known: new Set<string>(), owedSince: new Map(), isSettled: false, strange: 0 },
    }
    this.#showing = new Showing(this.#parts)
  }

  async run(signal: AbortSignal): Promise<void> {
    const { deps, inbox } = this.#parts
    this.#signal = signal
    const undo = [
      deps.broker.onReport((report) => inbox.put({ kind: 'report', report })),
      deps.latch.onClose(() => this.#halt()),
      () => deps.onNudge(null),
      () => this.#unfollow(),
      () => this.#wake?.stop(),
      () => this.#stopDue(),
    ]
    deps.onNudge(() => inbox.put({ kind: 'nudge' }))
    try {
      await this.#persistently(() => beginSession(this.#parts))
      inbox.put({ kind: 'nudge' })
      for await (const item of inbox.items(signal)) await this.#handle(item)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      for (const step of undo) step()
    }
  }

  async #handle(item: InboxItem): Promise<void> {
    if (this.#fault !== null) throw this.#fault.error
    await this.#persistently(() => this.#take(item))
    if (item.kind === 'wake' && this.#isIdle && isQuiet(this.#parts)) await this.#restOn()
    else await this.#attendSoon()
    this.#wakeLater()
  }

  /** Nothing is to be done; what lasts for long enough is shown all the same. */
  async #restOn(): Promise<void> {
    readBooks(this.#parts)
    await this.#persistently(() => this.#showing.update())
  }

  async #attendSoon(): Promise<void> {
    // What waits already is taken in first: what follows from it is one look.
    if (!this.#parts.inbox.has('report')) await this.#persistently(() => this.#attend())
    else this.#isIdle = false
  }

  async #take(item: InboxItem): Promise<void> {
    switch (item.kind) {
      case 'report':
        return onReport(this.#parts, item.report)
      case 'books':
        return onBooks(this.#parts, item.books)
      case 'candle':
        if (item.series !== this.#series) return
        await catchUp(this.#parts)
        return onCandle(this.#parts, item.candle)
      case 'warm':
        return item.series === this.#series ? onWarm(this.#parts) : undefined
      case 'wake':
      case 'nudge':
        return this.#readRow()
    }
  }

  async #attend(): Promise<void> {
    this.#isIdle = await attend(this.#parts, this.#tries)
    await this.#showing.update()
  }

  /** Any process may have changed the row. Other settings mean other candles. */
  async #readRow(): Promise<void> {
    const { deps, ledger } = this.#parts
    const trader = await deps.stores.traders.find()
    const isSame = trader?.version === this.#version
    this.#version = trader?.version ?? null
    if (trader !== null) ledger.trader = trader
    if (isSame) return
    this.#isIdle = false
    const { size, session, strategy, sizing } = ledger.trader.settings
    const followed = JSON.stringify({ size, session, strategy, sizing })
    if (followed === this.#followed) return
    this.#unfollow()
    this.#followed = followed
    this.#unfollow = follow(this.#parts, ++this.#series, (error) => {
      this.#fault = { error }
      this.#parts.inbox.put({ kind: 'wake' })
    })
  }

  /** One timer for the next look, and one for the moment from which a decision can be acted on. */
  #wakeLater(): void {
    const { deps, ledger, made, inbox } = this.#parts
    const { trader, open } = ledger
    const dueInMs = made[0] ? made[0].dueAt - deps.market.now() : 0
    const isBusy = (made.length > 0 && dueInMs <= 0) || trader.isFlattening || open.some(isUnderWay)
    const delayMs = isBusy ? LOOK_SOON_MS : LOOK_MS
    const at = deps.machine.now() + delayMs
    if (this.#wake === null || at < this.#wake.at) {
      this.#wake?.stop()
      const wake = (): void => {
        this.#wake = null
        inbox.put({ kind: 'wake' })
      }
      this.#wake = { at, stop: deps.machine.after(delayMs, wake) }
    }
    this.#stopDue()
    if (dueInMs > 0) this.#stopDue = deps.market.after(dueInMs, () => inbox.put({ kind: 'nudge' }))
  }

  /** Without waiting for anything: what may add risk is cancelled from what is known here. */
  #halt(): void {
    const { deps, ledger, inbox } = this.#parts
    for (const { purpose, orderId } of ledger.open)
      if (purpose === 'entry' && orderId !== null) deps.broker.cancel(orderId).catch(() => {})
    inbox.put({ kind: 'nudge' })
  }

  /** The database may be away: nothing is decided without it, and everything that was told waits in its order. */
  async #persistently(work: () => Promise<void>): Promise<void> {
    const { deps, ledger } = this.#parts
    for (let isAway = false; ; ) {
      try {
        if (isAway) await ledger.load(deps.stores, plus(deps.market.now(), -REMEMBERED_MS))
        await work()
        deps.alerts.clear('trader.database') // also that of a reign which ended meanwhile
        return
      } catch (error) {
        if (this.#signal.aborted || !isRetryable(error)) throw error
        isAway = true
        deps.alerts.raise('trader.database', `nothing can be ordered: ${messageOf(error)}`)
        await deps.machine.sleep(RETRY_MS, this.#signal)
      }
    }
  }
}
