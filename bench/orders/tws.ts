import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EpochMs, MINUTE_MS, plus, SECOND_MS } from '../../src/market/time.ts'
import { ClientStream } from '../../src/simulator/clientStream.ts'
import { connectNotices } from '../../src/simulator/farms.ts'
import { encode, FieldReader, type Message } from '../../src/simulator/fields.ts'
import { NEWEST_VERSION } from '../../src/simulator/handshake.ts'
import { managedAccounts } from '../../src/simulator/messages/account.ts'
import { historicalData, historicalDataUpdate } from '../../src/simulator/messages/history.ts'
import { currentTime, serverHello } from '../../src/simulator/messages/session.ts'
import { Books, bytesOf } from './books.ts'
import { ACCOUNT, FIRST, minuteCandle, startOf, tradingDay } from './day.ts'
import type { Asked, Sample, Told } from './wire.ts'

// The other side of the wire, a process of its own: TWS as far as the trader needs it, and the client of the bare echo.
// Every time is taken here, from bytes that leave to bytes that come.

/** Nothing goes on for so long before anything is timed: both sides have gone to sleep. */
const IDLE_MS = 40
const PATIENCE_MS = 10_000

/** Bytes that came, and when. */
interface Heard {
  readonly body: Buffer
  readonly id: number
  readonly at: number
}

const [PROBE, PLACE_ORDER, START_API, HISTORY] = [49, 3, 71, 20]

const microseconds = (): number => performance.now() * 1_000
const idOf = (body: Buffer): number => Number(body.subarray(0, body.indexOf(0)).toString('latin1'))

class FakeTws {
  readonly #session = tradingDay(Number(process.argv[2]))
  readonly #books = new Books(1 + 1_000 * Number(process.argv[2]))
  readonly #stream = new ClientStream()
  readonly #socket: Socket
  #isGreeted = false
  #barsId = 0
  #answeredAt = 0
  #now: EpochMs = startOf(this.#session)
  /** Takes what comes while a round is timed. */
  #listener: ((heard: Heard) => void) | null = null

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      const at = microseconds()
      for (const body of this.#stream.push(chunk)) this.#take({ body, id: idOf(body), at })
    })
    socket.on('close', () => process.exit())
    socket.on('error', () => process.exit())
  }

  #take(heard: Heard): void {
    if (this.#isGreeted) this.#answer(heard)
    else this.#greet()
  }

  #answer(heard: Heard): void {
    this.#listener?.(heard)
    const { body, id } = heard
    if (id === PLACE_ORDER) return
    const fields = new FieldReader(body)
    if (id === PROBE) this.#tellTime()
    else if (id === START_API) this.#send([managedAccounts([ACCOUNT]), this.#books.nextValidId, ...NOTICES])
    else if (id === HISTORY) this.#follow(fields)
    else this.#send(this.#books.answer(fields) ?? [])
  }

  #tellTime(): void {
    const bytes = encode(currentTime(String(Math.floor(this.#now / SECOND_MS))))
    this.#answeredAt = microseconds()
    this.#socket.write(bytes)
  }

  #greet(): void {
    this.#isGreeted = true
    this.#send([serverHello(NEWEST_VERSION, '20240603 09:34:00 US/Eastern')])
  }

  #follow(fields: FieldReader): void {
    this.#barsId = fields.skip(1).integer()
    const { from } = this.#session
    this.#send([historicalData(this.#barsId, '', '', 1, this.#row(FIRST).join('\0'))])
    this.#now = plus(from, FIRST * MINUTE_MS + 5 * SECOND_MS)
  }

  #row(candle: number) {
    const { time, open, high, low, close, volume } = minuteCandle(this.#session, candle)
    const [seconds, average] = [String(time / SECOND_MS), String(close)]
    return [seconds, open, high, low, close, String(volume), average, '10'] as const
  }

  #send(told: readonly Message[]): void {
    this.#socket.write(bytesOf(told))
  }

  update(candle: number): Buffer {
    return encode(historicalDataUpdate(this.#barsId, this.#row(candle)))
  }

  tell(candle: number): void {
    this.#socket.write(this.update(candle))
  }

  /** The candle as it stays; its minute is over. */
  tellWhole(candle: number): void {
    this.#now = plus(this.#session.from, (candle + 1) * MINUTE_MS)
    this.tell(candle)
  }

  /** The first trade of the next candle closes this one; the time until the orders that follow from it, or null. */
  async close(candle: number): Promise<Omit<Sample, 'echo'> | null> {
    const bar = this.update(candle + 1)
    const heard: Heard[] = []
    const whole = new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error(`candle ${candle} led to no order`)), PATIENCE_MS)
      this.#listener = (each) => {
        heard.push(each)
        if (each.id !== PLACE_ORDER || !this.#books.place(each.body, this.#now)) return
        clearTimeout(giveUp)
        resolve()
      }
    })
    const sentAt = microseconds()
    this.#socket.write(bar)
    await whole
    this.#listener = null
    this.#send(this.#books.settle(minuteCandle(this.#session, candle).close, this.#now))
    const [probe, order] = heard
    if (probe?.id !== PROBE || order?.id !== PLACE_ORDER) return null
    return { probe: probe.at - sentAt, order: order.at - this.#answeredAt, whole: order.at - sentAt }
  }
}

const NOTICES = connectNotices({} as never, [])

async function listening(port: 'tws' | 'echo'): Promise<() => Promise<Socket>> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  tell({ kind: 'listens', port, at: (server.address() as AddressInfo).port })
  const connected = once(server, 'connection')
  return async () => (await connected)[0] as Socket
}

const tell = (told: Told): void => void process.send!(told)

/** The same bytes, there and back. */
async function echoed(socket: Socket, bytes: Buffer): Promise<number> {
  const sentAt = microseconds()
  socket.write(bytes)
  await once(socket, 'data')
  return microseconds() - sentAt
}

async function round(tws: FakeTws, echo: Socket, { candle, isOrdered }: Asked): Promise<Sample | null> {
  tws.tellWhole(candle)
  await sleep(IDLE_MS)
  if (!isOrdered) {
    tws.tell(candle + 1)
    return null
  }
  const turn = await echoed(echo, tws.update(candle + 1))
  await sleep(IDLE_MS)
  const own = await tws.close(candle)
  return own && { ...own, echo: turn }
}

const [echoConnection, connection] = [await listening('echo'), await listening('tws')]
const echo = await echoConnection()
echo.setNoDelay(true)
const tws = new FakeTws(await connection())
process.on('message', (asked: Asked) => {
  round(tws, echo, asked).then(
    (sample) => tell({ kind: 'passed', sample }),
    (error) => tell({ kind: 'failed', reason: String(error) }),
  )
})
process.on('disconnect', () => process.exit())
