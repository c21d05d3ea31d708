import { connect, createServer, type Socket } from 'node:net'
import { EventName, IBApi } from '@stoqey/ib'
import { onTestFinished } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import type { Simulator } from '../../src/simulator/server.ts'

type Handler = (...values: unknown[]) => void

/** Events of the library, typed as loosely as it emits them. */
interface Events {
  on(event: string, handler: Handler): void
}

const PATIENCE_MS = 5_000

/** Everything that @stoqey/ib decodes on one connection. */
export class LibraryClient {
  readonly ib: IBApi
  readonly #seen: unknown[][] = []

  constructor(port: number) {
    this.ib = new IBApi({ host: '127.0.0.1', port, maxReqPerSec: 40 })
    const events = this.ib as unknown as Events
    for (const name of Object.values(EventName))
      if (!['sent', 'received', 'all', 'server'].includes(name))
        events.on(name, (...values) => this.#seen.push([name, ...values]))
    onTestFinished(() => void this.ib.disconnect())
  }

  /** Calls, and waits for the first event that has this name and this first value. */
  async ask(call: (ib: IBApi) => void, name: string, first?: unknown): Promise<unknown[]> {
    call(this.ib)
    return this.seen(name, first)
  }

  async seen(name: string, first?: unknown): Promise<unknown[]> {
    const isIt = ([event, value]: unknown[]) => event === name && (first === undefined || value === first)
    for (
      const until = machineClock.now() + PATIENCE_MS;
      machineClock.now() < until;
      await machineClock.sleep(2)
    ) {
      const found = this.#seen.find(isIt)
      if (found) return found
    }
    throw new Error(`no ${name} ${first ?? ''} among ${JSON.stringify(this.#seen)}`)
  }

  /** Every event so far, in order. */
  get events(): readonly unknown[][] {
    return this.#seen
  }

  all(name: string): unknown[][] {
    return this.#seen.filter(([event]) => event === name)
  }
}

/** A port that passes everything on to a simulator, but lets the library announce another version. */
export async function announcing(version: number, simulator: Simulator): Promise<number> {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect({ host: simulator.host, port: simulator.port })
    for (const socket of [client, upstream]) open.add(socket.on('error', () => socket.destroy()))
    client.once('data', (first) => {
      upstream.write(first.toString('latin1').replace('v100..193', `v100..${version}`), 'latin1')
      client.pipe(upstream)
    })
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as { port: number }).port
}

export const SPY = { symbol: 'SPY', secType: 'STK', exchange: 'SMART', currency: 'USD' } as never

export async function connected(port: number, clientId = 1): Promise<LibraryClient> {
  const client = new LibraryClient(port)
  await client.ask((ib) => ib.connect(clientId), 'nextValidId')
  return client
}
