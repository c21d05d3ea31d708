import type { Random } from '../../market/time.ts'
import type { About } from '../kinds.ts'
import type { Tws } from '../tws.ts'
import type { FaultyLine } from './line.ts'
import type { Trigger } from './trigger.ts'

/** What a fault acts on, and by whose dice. */
export interface Scene {
  readonly tws: Tws
  readonly random: Random
  /** The connections that the fault is about: all, or those of one client. */
  readonly lines: () => readonly FaultyLine[]
}

/** A message that comes or goes: its fields, its id first. The first words of the server have no id. */
export interface Spoken {
  readonly about: About
  readonly fields: readonly string[]
  readonly line: FaultyLine
}

/** Bytes that leave `delayMs` of the machine's time later. */
export interface Outgoing {
  readonly bytes: Buffer
  readonly delayMs: number
}

interface Hooks {
  /** The messages that it is about, by name; all of them when left out. */
  readonly of?: readonly string[]
  /** A request has come: false when it must not be served. */
  readonly hear?: (request: Spoken, scene: Scene) => boolean
  /**
   * A message is about to leave, as the frame `bytes`: the frames that leave in its place, each at its own time; null
   * leaves it to the next fault.
   */
  readonly say?: (message: Spoken, bytes: Buffer, scene: Scene) => readonly Outgoing[] | null
}

/** Meets single happenings: a connection, a request, a message. */
interface Strike extends Hooks {
  readonly kind: 'strike'
  /** A connection has come. */
  readonly meet?: (line: FaultyLine, scene: Scene) => void
  /** A frame is on the wire: the pieces in which it travels, in their order, before all that is sent later. */
  readonly carry?: (message: Spoken, bytes: Buffer, scene: Scene) => readonly Outgoing[]
}

/** Begins, lasts, and ends: its hooks meet everything meanwhile. One without an end is over at once. */
interface Spell extends Hooks {
  readonly kind: 'spell'
  readonly begin: (scene: Scene) => void
  readonly end?: (scene: Scene) => void
}

export type Fault = Strike | Spell

export const atOnce = (bytes: Buffer): Outgoing => ({ bytes, delayMs: 0 })

/** A fault with its name and its time, to be armed. */
export interface FaultPlan {
  readonly name: string
  readonly fault: Fault
  readonly trigger: Trigger
}
