import type { Clock, Random } from '../../src/market/time.ts'
import { fieldsOf, HISTORY_FAULTS, readHistory } from '../../src/simulator/faults.ts'
import { encode } from '../../src/simulator/fields.ts'
import { frame } from '../../src/simulator/frame.ts'
import type { Condition } from './condition.ts'
import type { Line } from './line.ts'
import type { Trace } from './trace.ts'

export interface OutboxDeps {
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  readonly condition: Condition
  /** Messages that never reach the client, as if it had not understood them. */
  readonly isLost: (fields: readonly string[]) => boolean
}

const FOREIGN_GREETING = frame('SSH-2.0-OpenSSH\0')
const DRIBBLE_MS = 1_500

/** What becomes of the messages of a terminal on their way to the line. */
export class Outbox {
  readonly #deps: OutboxDeps
  /** Ends of the spans of which it was said that they hold no data. */
  readonly #denied = new Set<string>()

  constructor(deps: OutboxDeps) {
    this.#deps = deps
  }

  /** `place` counts the messages of the connection from 0. */
  write(line: Line, bytes: Buffer, place: number): void {
    const { condition, isLost } = this.#deps
    const { door } = condition
    const fields = fieldsOf(bytes)
    if (isLost(fields) || (door.is === 'silent' && place >= door.silentAfter)) return
    if (door.is === 'babbling' && place === 0) line.send(FOREIGN_GREETING)
    else if (door.is === 'dribbling') dribble(line, bytes)
    else if (concernsHistory(fields)) this.#answer(line, fields, bytes)
    else this.#put(line, bytes)
  }

  #answer(line: Line, fields: readonly string[], bytes: Buffer): void {
    const { clock, condition } = this.#deps
    for (const message of this.#answersOf(fields, bytes)) {
      if (condition.historyDelayMs === 0) this.#put(line, message)
      else clock.after(condition.historyDelayMs, () => this.#put(line, message))
    }
  }

  #answersOf(fields: readonly string[], bytes: Buffer): readonly Buffer[] {
    const { condition, clock, random } = this.#deps
    if (condition.linkLostAt !== null || condition.isFarmDown) return []
    const answer = readHistory(fields)
    const fault = condition.historyFault
    if (fault === null || answer === null) return [bytes]
    if (fault === 'noData' && !this.#mayDeny(answer.to)) return [bytes]
    return HISTORY_FAULTS[fault](answer, { now: clock.now(), random }).map(encode)
  }

  /** One time is never denied twice: that would be the proof that nothing lies there. */
  #mayDeny(to: string): boolean {
    const isFirst = !this.#denied.has(to)
    this.#denied.add(to)
    return isFirst
  }

  #put(line: Line, bytes: Buffer): void {
    const { trace, condition } = this.#deps
    const { frameFault } = condition
    trace.add('out', bytes)
    condition.frameFault = null
    if (frameFault === null) line.send(bytes)
    else frameFault(line, bytes)
  }
}

/** Every byte for itself: no deadline for a byte would ever end this. */
function dribble(line: Line, bytes: Buffer): void {
  for (let i = 0; i < bytes.length; i++) line.sendWhole(bytes.subarray(i, i + 1), DRIBBLE_MS * i)
}

/** Bars, or an error that belongs to a request. */
const concernsHistory = ([type, , id]: readonly string[]): boolean =>
  type === '17' || (type === '4' && Number(id) > 0)
