import { machineClock } from '../../src/clock/machine.ts'
import { type Clock, parseInstant } from '../../src/market/time.ts'
import { PAPER_ACCOUNT } from '../../src/simulator/account.ts'
import { Connection } from '../../src/simulator/connection.ts'
import { encode, type Message } from '../../src/simulator/fields.ts'
import { frame } from '../../src/simulator/frame.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import { GREETING } from '../../src/simulator/handshake.ts'
import { DEFAULT_SWITCHES, type Switches } from '../../src/simulator/switches.ts'
import { Tws, type TwsDeps } from '../../src/simulator/tws.ts'
import { silentLog, standingClock } from '../support/simulator.ts'

export interface TerminalSetup extends Partial<Omit<TwsDeps, 'switches'>> {
  readonly now?: string
  readonly switches?: Partial<Switches>
}

/** A terminal without sockets, its clocks standing still: no work takes long, so that none waits for its turn. */
export const terminal = ({ now = '2024-06-03T15:00:00Z', switches, ...deps }: TerminalSetup = {}): Tws =>
  new Tws({
    market: generatedMarket({ seed: 1 }),
    clock: standingClock(parseInstant(now)),
    machine: standingClock(parseInstant(now)),
    accounts: [PAPER_ACCOUNT],
    log: silentLog,
    ...deps,
    switches: { ...DEFAULT_SWITCHES, messageRate: 'off', ...switches },
  })

/** A clock that moves only when it is set. */
export const handClock = (start: string): Clock & { set(instant: string): void } => {
  let now = parseInstant(start)
  return {
    ...machineClock,
    now: () => now,
    set: (instant) => {
      now = parseInstant(instant)
    },
  }
}

/** A client that speaks bytes with a connection in memory. */
export class RawClient {
  readonly connection: Connection
  hungUp = false
  wasReset = false
  /** Every piece of bytes that came, as it came. */
  readonly pieces: Buffer[] = []
  #received = Buffer.alloc(0)

  constructor(tws: Tws) {
    this.connection = new Connection(tws, {
      write: (bytes) => {
        this.pieces.push(bytes)
        this.#received = Buffer.concat([this.#received, bytes])
      },
      end: () => {
        this.hungUp = true
      },
      reset: () => {
        this.hungUp = true
        this.wasReset = true
        queueMicrotask(() => this.connection.closed(true))
      },
    })
  }

  /** The first bytes of a client that offers these versions. */
  static greeting(offer: string): Buffer {
    return Buffer.concat([GREETING, frame(offer)])
  }

  /** Messages as the bytes of their frames. */
  static framed(...messages: readonly Message[]): Buffer {
    return Buffer.concat(messages.map(encode))
  }

  sendBytes(bytes: Buffer): void {
    this.connection.receive(bytes)
  }

  send(...fields: Message): void {
    this.sendBytes(encode(fields))
  }

  /** Connects as a client that knows no version above `version`, and forgets what the server said to that. */
  open(version: number, clientId = 1): this {
    this.sendBytes(RawClient.greeting(`v100..${version}`))
    this.send(71, 2, clientId, '')
    this.received()
    return this
  }

  /** What has come since the last call, each message as its fields. */
  received(): string[][] {
    const messages: string[][] = []
    let at = 0
    while (at < this.#received.length) {
      const end = at + 4 + this.#received.readUInt32BE(at)
      messages.push(fieldsOf(this.#received.subarray(at + 4, end)))
      at = end
    }
    this.#received = Buffer.alloc(0)
    return messages
  }

  /** Waits for the answer that may come later, and reads everything. */
  async answers(): Promise<string[][]> {
    while (this.connection.queries.size > 0) await machineClock.sleep(1)
    return this.received()
  }
}

function fieldsOf(body: Buffer): string[] {
  const text = body.toString('utf8')
  if (!text.endsWith('\0')) throw new Error('a field without its NUL')
  return text.slice(0, -1).split('\0')
}

/** The twelve fields of a US stock. */
export const stock = (symbol: string): Message => [
  0,
  symbol,
  'STK',
  '',
  '0.0',
  '',
  '',
  'SMART',
  '',
  'USD',
  '',
  '',
]

export interface HistoryWish {
  readonly id?: number
  readonly symbol?: string
  readonly end?: string
  readonly step?: string
  readonly duration?: string
  readonly rth?: boolean
  readonly what?: string
  readonly format?: number
  readonly keepUpToDate?: boolean
}

/** A request for historical data: the last 60 seconds of SPY when nothing else is wished. */
export const historyRequest = (wish: HistoryWish = {}): Message => [
  ...[20, wish.id ?? 7, ...stock(wish.symbol ?? 'SPY'), false, wish.end ?? '', wish.step ?? '1 secs'],
  ...[wish.duration ?? '60 S', wish.rth ?? true, wish.what ?? 'TRADES', wish.format ?? 2],
  ...[wish.keepUpToDate ?? false, ''],
]
