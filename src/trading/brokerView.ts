import type { EpochMs } from '../market/time.ts'
import type { AccountValues, BrokerSnapshot } from '../ports/broker.ts'
import type { Intent } from '../ports/intents.ts'
import { type Absence, absences } from './absence.ts'
import type { Findings } from './comparison.ts'
import type { StopTerms } from './protection.ts'

/** Equality must hold so often, and so far apart, before it is believed (reliability, 5.4). */
const CHECKS = 2
const BETWEEN_CHECKS_MS = 2_000

/** What this process knows of the broker, besides what is stored. Instants without a brand are machine milliseconds. */
export class BrokerView {
  /** Orders have session numbers; null while none can be relied on. */
  session: number | null = null
  /** When the broker's books were last equal to ours. Market time. */
  reconciledAt: EpochMs | null = null
  /** How they differ; it stands until they were equal twice. */
  mismatch: string | null = null
  foreign: string | null = null
  halves: readonly string[] = []
  values: AccountValues | null = null
  /** Shares of the symbol as the broker last told them by itself. */
  told: number | null = null
  nextOrderId = 0
  /** Shares of the symbol in the account that are nobody's business (policy `ignore`). */
  others = 0
  /** When the last snapshot was asked for that has been answered. */
  askedAt: number | null = null
  /** Since when there is a session that takes no orders. */
  suspendedSince: number | null = null
  readonly sentAt = new Map<string, number>()
  readonly stops = new Map<string, StopTerms>()
  /** Shares that the broker has told as filled of an order, since its books were last compared. */
  readonly toldFilled = new Map<string, number>()
  #absences = new Map<string, Absence>()
  #equalSince: number | null = null
  #checks = 0
  /** When the session began in which the books were first equal twice. */
  #isSettled = false
  #isCompared = false

  /** A session has begun, or the link is back: nothing that was compared before counts. */
  begin(session: number): void {
    this.end()
    this.session = session
  }

  end(): void {
    this.session = null
    this.reconciledAt = null
    this.askedAt = null
    this.#absences = new Map()
    this.#equalSince = null
    this.#checks = 0
    this.#isSettled = false
    this.#isCompared = false
  }

  /** The books were not compared in this session, and what filled while nobody was connected is not known; or they differ. */
  get isDoubtful(): boolean {
    return !this.#isCompared || this.mismatch !== null
  }

  /** The books were found equal twice in this session, and still are. */
  get isReconciled(): boolean {
    return this.#isSettled && this.mismatch === null
  }

  absence({ id }: Pick<Intent, 'id'>): Absence | null {
    return this.#absences.get(id) ?? null
  }

  /** A snapshot in which nothing moved was compared. */
  compared(snapshot: BrokerSnapshot, findings: Findings, askedAt: number): void {
    this.seen(snapshot, findings, askedAt)
    this.#isCompared = true
    this.toldFilled.clear()
    this.foreign = findings.foreign
    this.halves = findings.halves.map(({ id }) => id)
    if (findings.mismatch !== null) this.#differ(findings.mismatch)
    else this.#equal(snapshot.takenAt, askedAt)
  }

  /** What a snapshot says although something moved meanwhile. */
  seen(snapshot: BrokerSnapshot, { absent }: Findings, askedAt: number): void {
    this.askedAt = askedAt
    this.values = snapshot.account
    this.nextOrderId = Math.max(this.nextOrderId, snapshot.nextOrderId)
    this.#absences = absences(this.#absences, absent, snapshot, this.sentAt, askedAt)
  }

  /** An answer of whatever kind has come: the order is there. */
  heard({ id }: Intent): void {
    this.sentAt.delete(id)
    this.#absences.delete(id)
  }

  #differ(mismatch: string): void {
    this.mismatch = mismatch
    this.#checks = 0
    this.#equalSince = null
  }

  #equal(takenAt: EpochMs, askedAt: number): void {
    const isApart = this.#equalSince === null || askedAt - this.#equalSince >= BETWEEN_CHECKS_MS
    if (isApart) {
      this.#checks++
      this.#equalSince = askedAt
    }
    if (this.#checks < CHECKS) return
    this.mismatch = null
    this.#isSettled = true
    this.reconciledAt = takenAt
  }
}
