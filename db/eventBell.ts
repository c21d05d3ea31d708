import { Client } from 'pg'
import { messageOf } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import { type Clock, SECOND_MS } from '../src/market/time.ts'
import type { EventBell } from '../src/ports/eventStreams.ts'
import { clientConfig } from './connect.ts'
import { EVENTS_CHANNEL } from './events.ts'

interface EventBellDeps {
  readonly url: string
  /** Machine time. */
  readonly clock: Clock
  readonly log: Log
}

const RETRY_MS = SECOND_MS

/** Listens on a connection of its own, for as long as somebody in this process does. */
export function openEventBell(deps: EventBellDeps): EventBell & { close(): Promise<void> } {
  const listeners = new Set<() => void>()
  let stopping: AbortController | null = null
  let listening = Promise.resolve()
  const ring = () => {
    for (const listener of listeners) listener()
  }
  const begin = () => {
    const begun = new AbortController()
    stopping = begun
    listening = listening.then(() => keepListening(deps, ring, begun.signal))
  }
  const close = () => {
    stopping?.abort()
    stopping = null
    return listening
  }
  return {
    close,
    listen(listener) {
      listeners.add(listener)
      if (stopping === null) begin()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) void close()
      }
    },
  }
}

/** Connects again after every loss; what was missed meanwhile is made good by a ring. Never rejects. */
async function keepListening(deps: EventBellDeps, ring: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await listenOnce(deps.url, ring, signal)
    } catch (error) {
      deps.log.debug({ error: messageOf(error) }, 'the bell of the events is connected again')
    }
    await deps.clock.sleep(RETRY_MS, signal).catch(() => {})
  }
}

/** A client that is ended while it connects settles nothing but its end. */
async function listenOnce(url: string, ring: () => void, signal: AbortSignal): Promise<void> {
  const client = new Client(clientConfig(url, 'events'))
  const ended = new Promise<void>((resolve, reject) => {
    client.on('end', resolve)
    client.on('error', reject)
  })
  const end = () => void client.end().catch(() => {}) // it is gone already
  client.on('notification', ring)
  signal.addEventListener('abort', end, { once: true })
  try {
    await Promise.race([subscribed(client, ring).then(() => ended), ended])
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

async function subscribed(client: Client, ring: () => void): Promise<void> {
  await client.connect()
  await client.query(`listen ${EVENTS_CHANNEL}`)
  ring()
}
