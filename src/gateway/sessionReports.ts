import type { BrokerReport } from '../ports/broker.ts'

type SessionReport = Extract<BrokerReport, { kind: 'session' }>

/** What became of the sessions, told once for each change. */
export class SessionReports {
  readonly #tell: (report: SessionReport) => void
  #number: number | null = null
  #isReady = false
  #isDataLost = false

  constructor(tell: (report: SessionReport) => void) {
    this.#tell = tell
  }

  /** What was subscribed is gone; told with the next time that a session is ready. */
  lost(): void {
    this.#isDataLost = true
  }

  /** `number` is that of the session there is, or null. */
  update(number: number | null, isSuspended: boolean, isRestored: boolean): void {
    if (this.#number !== null && this.#number !== number) this.#end()
    if (number === null) return
    const isNew = this.#number === null
    this.#number = number
    const isReady = !isSuspended
    if (!isNew && !isRestored && isReady === this.#isReady) return
    this.#isReady = isReady
    this.#tell({
      kind: 'session',
      state: isReady ? 'ready' : 'suspended',
      dataLost: isReady && this.#isDataLost,
    })
    if (isReady) this.#isDataLost = false
  }

  #end(): void {
    this.#number = null
    this.#isReady = false
    this.#tell({ kind: 'session', state: 'ended', dataLost: true })
  }
}
