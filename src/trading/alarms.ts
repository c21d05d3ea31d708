import { SECOND_MS } from '../market/time.ts'
import type { AlertName } from '../ports/alerts.ts'
import type { BrokerView } from './brokerView.ts'
import type { Ledger } from './ledger.ts'
import { uncovered } from './protection.ts'
import type { TraderDeps } from './traderDeps.ts'

/** A stop is armed anew within this time. Machine time, as all that waits for the broker. */
const NAKED_MS = 5 * SECOND_MS

/** What a person should know of a trader, raised and taken back as it comes and goes. */
export class Alarms {
  readonly #deps: Pick<TraderDeps, 'alerts' | 'machine'>
  #nakedSince: number | null = null

  constructor(deps: Pick<TraderDeps, 'alerts' | 'machine'>) {
    this.#deps = deps
  }

  update(ledger: Ledger, { mismatch, foreign }: Pick<BrokerView, 'mismatch' | 'foreign'>): void {
    const { level, reason } = ledger.trader
    this.#show('trader.halted', level === 'halted' ? (reason ?? 'the trader is halted') : null)
    this.#show('trader.mismatch', mismatch)
    this.#show('trader.foreign', foreign)
    this.#show('trader.naked', this.#naked(ledger))
    const doubtful = ledger.open.filter(({ state }) => state === 'unresolved')
    const names = doubtful.map(({ orderRef }) => orderRef).join(', ')
    this.#show('trader.unresolved', doubtful.length === 0 ? null : `nobody knows what became of ${names}`)
  }

  #naked({ holding, open, symbol }: Ledger): string | null {
    const naked = uncovered(holding.quantity, open)
    const now = this.#deps.machine.now()
    if (naked === 0) this.#nakedSince = null
    else this.#nakedSince ??= now
    const isLasting = this.#nakedSince !== null && now - this.#nakedSince >= NAKED_MS
    return isLasting ? `no stop covers ${naked} of ${holding.quantity} ${symbol}` : null
  }

  #show(name: AlertName, detail: string | null): void {
    if (detail === null) this.#deps.alerts.clear(name)
    else this.#deps.alerts.raise(name, detail)
  }
}
