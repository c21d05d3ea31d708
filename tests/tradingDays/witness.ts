import type { Log } from '../../src/log.ts'
import type { Clock } from '../../src/market/time.ts'
import { type EpochMs, isoInstant, MINUTE_MS } from '../../src/market/time.ts'
import type { Intent } from '../../src/ports/intents.ts'
import type { Execution } from '../../src/simulator/account.ts'
import type { Order } from '../../src/simulator/orders/order.ts'
import type { Tws } from '../../src/simulator/tws.ts'
import { CLIENT_ID } from './process.ts'
import { DAY_SETTINGS, SHARES } from './settings.ts'
import type { OrderFrame } from './tap.ts'

/** What the rows say of an order at this very moment. */
interface Rows {
  intentOf(orderRef: string): Intent | null
}

interface WitnessDeps {
  readonly tws: Tws
  readonly clock: Clock
  readonly log: Log
  readonly rows: Rows
  /** Whether a process leads that can trade, and whether it holds the lease that stands. */
  readonly isHealthy: () => boolean
  readonly epoch: () => number
}

/** A process that can do something about it has so long. */
const NAKED_MS = 5_000

/**
 * Judges by the simulated broker's books and by the wire, and believes nothing that the service says of itself but what
 * it has committed (invariants I2, I3, I5, I10, I11).
 */
export class Witness {
  readonly wrong: string[] = []
  /** Since when no order that adds risk may leave, as a person was told. */
  killedAt: EpochMs | null = null
  entries = 0
  exits = 0
  stopped = 0
  nakedMs = 0
  /** Shares at the broker that our orders have made. */
  held = 0
  readonly #deps: WitnessDeps
  readonly #frames: {
    readonly at: EpochMs
    readonly side: string
    readonly type: string
    readonly orderId: number
  }[] = []
  readonly #shares = new Map<string, number>()
  readonly #entryOf = new Map<number, string>()
  #nakedSince: EpochMs | null = null

  constructor(deps: WitnessDeps) {
    this.#deps = deps
    deps.tws.books.onChange((_, { execution }) => {
      if (execution === null || execution.clientId < CLIENT_ID) return
      this.#count(execution)
      const { id, orderId, side, quantity } = execution
      deps.log.debug({ id, orderId, side, quantity, held: this.held }, '=== executed at the broker')
      this.#executed(execution.orderRef, execution.side)
    })
  }

  /** An order is written to the wire, at this very moment. */
  sent(frame: OrderFrame, epoch: number): void {
    const now = this.#deps.clock.now()
    const intent = this.#deps.rows.intentOf(frame.orderRef)
    this.#deps.log.debug(frame, '=== order frame')
    if (intent === null) this.tell(`I3: order ${frame.orderId} left without an intent`)
    else this.#checkIntent(intent, frame, epoch)
    if (frame.side === 'BUY') {
      if (this.killedAt !== null)
        this.tell(`I10: order ${frame.orderId} left after the kill at ${isoInstant(this.killedAt)}`)
      if (frame.quantity > DAY_SETTINGS.limits.maxPosition)
        this.tell(`I11: an order of ${frame.quantity} shares`)
    }
    const { side, type, orderId } = frame
    if (this.#frames.every((each) => each.orderId !== orderId))
      this.#frames.push({ at: now, side, type, orderId })
    const recent = this.#frames.filter((each) => each.at > now - MINUTE_MS)
    const { ordersPerMinute, entriesPerMinute } = DAY_SETTINGS.limits
    const buys = recent.filter((each) => each.side === 'BUY').length
    if (side === 'BUY' && recent.filter((each) => each.type === 'MKT').length > ordersPerMinute)
      this.tell('I11: too many orders within a minute')
    if (side === 'BUY' && buys > entriesPerMinute) this.tell('I11: too many entries within a minute')
  }

  /** To be called every second. */
  look(): void {
    const buys = this.#live.filter(({ terms }) => terms.action === 'BUY')
    if (buys.length > 1) this.tell(`I2: ${buys.length} entries are open at the broker`)
    const working = buys.reduce((sum, { remaining }) => sum + remaining, 0)
    if (this.held + working > SHARES) this.tell(`I11: ${this.held} shares held and ${working} ordered`)
    this.#lookAtStop()
  }

  tell(sentence: string): void {
    const text = `${isoInstant(this.#deps.clock.now())} ${sentence}`
    if (this.wrong.length < 50 && !this.wrong.includes(text)) this.wrong.push(text)
  }

  get #live(): Order[] {
    return this.#deps.tws.floor.orders.live.filter(
      ({ clientId, phase }) => clientId >= CLIENT_ID && phase !== 'kept',
    )
  }

  #checkIntent(intent: Intent, frame: OrderFrame, epoch: number): void {
    const { orderId, state, side, quantity } = intent
    if (orderId !== frame.orderId) this.tell(`I3: order ${frame.orderId} is that of intent ${orderId}`)
    // A change of a stop leaves it at work; everything else is being sent.
    if (state !== 'sending' && state !== 'working')
      this.tell(`I3: order ${frame.orderId} left while ${state}`)
    if (epoch !== this.#deps.epoch()) this.tell(`I3: order ${frame.orderId} left without the lease`)
    if (intent.epoch > epoch) this.tell(`I3: order ${frame.orderId} is of a later reign`)
    const isSame = (side === 'buy') === (frame.side === 'BUY') && quantity === frame.quantity
    if (!isSame) this.tell(`I3: order ${frame.orderId} is not what its intent says`)
  }

  /** A correction has the id of what it corrects, but for its end. */
  #count({ id, side, quantity }: Execution): void {
    const stem = id.slice(0, id.lastIndexOf('.'))
    const shares = side === 'BOT' ? quantity : -quantity
    this.held += shares - (this.#shares.get(stem) ?? 0)
    this.#shares.set(stem, shares)
  }

  #executed(orderRef: string, side: string): void {
    const held = this.held
    if (held < 0) this.tell(`I2: reversed: ${held} shares`)
    if (held > SHARES) this.tell(`I2: doubled: ${held} shares`)
    const intent = this.#deps.rows.intentOf(orderRef)
    if (intent?.purpose === 'entry') {
      const other = this.#entryOf.get(intent.candleTime)
      if (other !== undefined && other !== orderRef)
        this.tell(`I2: two entries of one candle: ${other}, ${orderRef}`)
      this.#entryOf.set(intent.candleTime, orderRef)
      this.entries++
    } else if (intent?.purpose === 'stop') this.stopped++
    else if (side === 'SLD') this.exits++
  }

  #lookAtStop(): void {
    const { clock, isHealthy } = this.#deps
    const covered = this.#live
      .filter(
        ({ terms, isCancelling, hold }) => terms.action === 'SELL' && !isCancelling && hold !== 'inactive',
      )
      .reduce((sum, { remaining }) => sum + remaining, 0)
    if (this.held <= covered || !isHealthy()) {
      this.#nakedSince = null
      return
    }
    this.#nakedSince ??= clock.now()
    this.nakedMs += 1_000
    if (clock.now() - this.#nakedSince > NAKED_MS)
      this.tell(
        `I5: ${this.held - covered} of ${this.held} shares without a stop since ${isoInstant(this.#nakedSince)}`,
      )
  }
}
