import { type Clock, type EpochMs, MINUTE_MS, plus } from '../market/time.ts'
import type { Alerts } from '../ports/alerts.ts'
import type { FarmState } from '../ports/gateway.ts'
import type { CodeAction, Farm, GatewayFlag } from './errorCodes.ts'

/** While the condition lasts TWS is asked again once a minute. */
const PAUSE_MS = MINUTE_MS
/** A condition that TWS has not told of for this long is over: it was asked in between. */
const FLAG_LASTS_MS = 150_000

const UNKNOWN_FARMS: Record<Farm, FarmState> = {
  marketData: 'unknown',
  historical: 'unknown',
  securityDefinition: 'unknown',
}

interface ConditionsDeps {
  readonly machine: Clock
  readonly alerts: Alerts
  /** Something of it is other than before. */
  readonly onChange: () => void
}

/** What TWS has said of one connection: its farms, and what keeps it from answering for a while. */
export class Conditions {
  readonly farms = { ...UNKNOWN_FARMS }
  readonly flags: Record<GatewayFlag, boolean> = { competing: false, delayed: false, readOnly: false }
  /** What TWS says of its own link to IB while that is down, or null. */
  lostLink: string | null = null
  readonly #deps: ConditionsDeps
  #pause: { readonly reason: string; readonly until: EpochMs } | null = null
  #stopTimer: () => void = () => {}

  constructor(deps: ConditionsDeps) {
    this.#deps = deps
  }

  /** Why nothing should be asked now, or null. */
  get pause(): string | null {
    return this.#pause !== null && this.#deps.machine.now() < this.#pause.until ? this.#pause.reason : null
  }

  take(action: CodeAction, text: string): void {
    if (action.does === 'link') this.lostLink = action.link === 'down' ? text : null
    if (action.does === 'farm') this.#farm(action.farm, action.state)
    if (action.does !== 'flag') return
    this.flags[action.flag] = true
    if (action.flag === 'competing') this.#compete(text)
    this.#deps.onChange()
  }

  /** The connection has ended, and its timer with it. */
  end(): void {
    this.#stopTimer()
    this.#deps.alerts.clear('gateway.competing')
  }

  #farm(farm: Farm, state: 'ok' | 'inactive' | 'broken'): void {
    this.farms[farm] = state
    if (farm !== 'historical') return
    if (state === 'broken') this.#pauseFor('the farm of historical data is broken')
    else this.#pause = null
  }

  #compete(text: string): void {
    this.#pauseFor('another session uses the market data')
    this.#deps.alerts.raise('gateway.competing', text)
    this.#stopTimer()
    this.#stopTimer = this.#deps.machine.after(FLAG_LASTS_MS, () => {
      this.flags.competing = false
      this.#deps.alerts.clear('gateway.competing')
      this.#deps.onChange()
    })
  }

  #pauseFor(reason: string): void {
    this.#pause = { reason, until: plus(this.#deps.machine.now(), PAUSE_MS) }
  }
}
