import type { Random } from '../../src/market/time.ts'
import { Latencies } from './latencies.ts'

/** What is asked, and how often beside the others: whole shares. */
export interface Mix {
  readonly path: string
  readonly share: number
}

export interface TrafficOptions {
  readonly url: string
  readonly perSecond: number
  readonly mix: readonly Mix[]
  readonly random: Random
}

const BEAT_MS = 10
/** A client that waits for more than these is told as an answer that never came. */
const MOST_OPEN = 1_000
const PATIENCE_MS = 10_000

/** Asks at a fixed rate, however slowly it is answered, until the signal is aborted. Resolves with what it saw. */
export async function traffic(
  options: TrafficOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Latencies>> {
  const seen = new Map(options.mix.map(({ path }) => [path, new Latencies()]))
  const open = new Set<Promise<void>>()
  const begun = performance.now()
  let sent = 0
  while (!signal.aborted) {
    const due = ((performance.now() - begun) / 1_000) * options.perSecond
    for (; sent < due; sent++) {
      const path = drawn(options)
      if (open.size >= MOST_OPEN) seen.get(path)!.add(PATIENCE_MS, 'not sent')
      else track(open, ask(options.url, path, seen.get(path)!))
    }
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS))
  }
  await Promise.all(open)
  return seen
}

function track(open: Set<Promise<void>>, asking: Promise<void>): void {
  open.add(asking)
  void asking.finally(() => open.delete(asking))
}

function drawn({ mix, random }: TrafficOptions): string {
  const paths = mix.flatMap(({ path, share }) => Array<string>(share).fill(path))
  return paths[Math.floor(random() * paths.length)]!
}

async function ask(url: string, path: string, latencies: Latencies): Promise<void> {
  const from = performance.now()
  try {
    const answer = await fetch(url + path, { signal: AbortSignal.timeout(PATIENCE_MS) })
    await answer.arrayBuffer()
    latencies.add(performance.now() - from, answer.status)
  } catch (error) {
    latencies.add(performance.now() - from, (error as Error).name)
  }
}
