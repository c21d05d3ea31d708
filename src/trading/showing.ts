import type { TraderState } from '../ports/traders.ts'
import { Alarms } from './alarms.ts'
import { gatewayObstacle, type Parts } from './parts.ts'
import type { TraderStanding } from './standing.ts'

/** A lost link that is back sooner is not shown: a connection may be made anew at any time. Machine time. */
const PATIENCE_MS = 30_000

interface Shown {
  readonly state: TraderState
  readonly reason: string | null
}

/** What a trader shows of itself, and tells others when it changes. */
export class Showing {
  readonly #parts: Parts
  readonly #alarms: Alarms
  #told: Shown | null = null
  #lostSince: number | null = null

  constructor(parts: Parts) {
    this.#parts = parts
    this.#alarms = new Alarms(parts.deps)
  }

  /** To be called whenever something may have changed. */
  async update(): Promise<void> {
    const { deps, decider, ledger, view } = this.#parts
    const { state, reason } = this.#state()
    const standing: TraderStanding = {
      ...{ state, reason, levels: decider.levels() },
      warmup: { have: decider.bars.length, need: decider.need },
      reconciledAt: view.reconciledAt,
      isReconciled: view.isReconciled,
      account: view.values,
    }
    deps.onStanding(standing)
    this.#alarms.update(ledger, view)
    if (this.#told?.state === state && this.#told.reason === reason) return
    const data = { state, before: this.#told?.state ?? null, reason }
    await deps.stores.events.append([{ type: 'trader.state', time: deps.market.now(), data }])
    deps.log.info(data, 'trader')
    this.#told = { state, reason }
  }

  /** The row's level, and what keeps the trader from acting on it. */
  #state(): Shown {
    const { deps, ledger, view, accountRefusal, isWarm, decider } = this.#parts
    const { level, reason } = ledger.trader
    if (level === 'off') return { state: 'off', reason }
    const halt = deps.latch.reason ?? (level === 'halted' ? reason : null) ?? accountRefusal ?? view.mismatch
    if (halt !== null || level === 'halted') return { state: 'halted', reason: halt }
    const { suspension } = deps.broker
    if (suspension?.kind === 'readOnly') return { state: 'halted', reason: suspension.reason }
    const hasNoData = suspension?.kind === 'data'
    const obstacle = this.#lasting(hasNoData ? null : gatewayObstacle(this.#parts))
    if (obstacle !== null) return { state: 'halted', reason: obstacle }
    if (level === 'reducing') return { state: 'reducing', reason }
    if (hasNoData) return { state: 'reducing', reason: suspension.reason }
    if (view.foreign !== null) return { state: 'reducing', reason: `not ours: ${view.foreign}` }
    if (!isWarm || !decider.isReady) return { state: 'warming', reason: 'the indicators are not ready' }
    return { state: 'active', reason: null }
  }

  #lasting(obstacle: string | null): string | null {
    const now = this.#parts.deps.machine.now()
    if (obstacle === null) this.#lostSince = null
    else this.#lostSince ??= now
    return this.#lostSince !== null && now - this.#lostSince >= PATIENCE_MS ? obstacle : null
  }
}
