import type { Random } from '../../src/market/time.ts'
import { Connections } from './connections.ts'
import { Latencies } from './latencies.ts'

/** What is asked, and how often beside the others: whole shares. */
export interface Mix {
  readonly path: string
  readonly share: number
  /** What is posted; without it the path is asked for. */
  readonly body?: string
}

export interface TrafficOptions {
  readonly url: string
  readonly token: string
  /** Told the text of every answer to a post that was accepted. */
  readonly onPosted: (text: string) => void
  readonly perSecond: number
  readonly mix: readonly Mix[]
  readonly random: Random
}

const BEAT_MS = 10
/** A client that waits for more than these is told as an answer that never came. */
const MOST_OPEN = 400
const PATIENCE_MS = 10_000

/** Asks at a fixed rate, however slowly it is answered, until the signal is aborted. Resolves with what it saw. */
export async function traffic(
  options: TrafficOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Latencies>> {
  const seen = new Map(options.mix.map(({ path }) => [path, new Latencies()]))
  const open = new Set<Promise<void>>()
  const connections = new Connections(options.url)
  const begun = performance.now()
  let sent = 0
  while (!signal.aborted) {
    const due = ((performance.now() - begun) / 1_000) * options.perSecond
    for (; sent < due; sent++) {
      const mix = drawn(options)
      const latencies = seen.get(mix.path)!
      if (open.size >= MOST_OPEN) latencies.add(PATIENCE_MS, 'not sent')
      else track(open, ask(options, connections, mix, latencies))
    }
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS))
  }
  await Promise.all(open)
  connections.close()
  return seen
}

function track(open: Set<Promise<void>>, asking: Promise<void>): void {
  open.add(asking)
  void asking.finally(() => open.delete(asking))
}

function drawn({ mix, random }: TrafficOptions): Mix {
  const shares = mix.flatMap((each) => Array<Mix>(each.share).fill(each))
  return shares[Math.floor(random() * shares.length)]!
}

async function ask(
  { token, onPosted }: TrafficOptions,
  connections: Connections,
  mix: Mix,
  latencies: Latencies,
): Promise<void> {
  const from = performance.now()
  try {
    const { status, body } = await connections.ask(questionOf(mix, token), PATIENCE_MS)
    latencies.add(performance.now() - from, status)
    if (status < 300 && mix.body) onPosted(body)
  } catch (error) {
    latencies.add(performance.now() - from, (error as NodeJS.ErrnoException).code ?? (error as Error).message)
  }
}

function questionOf({ path, body }: Mix, token: string): string {
  if (body === undefined) return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const headers = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Authorization: Bearer ${token}`,
    `Content-Length: ${body.length}`,
  ]
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}
