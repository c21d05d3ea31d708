import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Random } from '../../../src/market/time.ts'

export interface Receiver {
  readonly url: string
  /** Tells it the secret, with which it verifies everything. */
  secret(text: string): void
  /** Sequences that it has taken, in the order in which it took them. */
  readonly taken: readonly number[]
  /** How often it has failed, and how often a signature was wrong. */
  readonly counts: { failed: number; forged: number }
  /** From the commit of an event to its arrival, in milliseconds. */
  readonly delays: readonly number[]
  close(): Promise<void>
}

type Fault = (request: IncomingMessage, response: ServerResponse) => void

/** Ways to fail, none of which takes the event. */
const FAULTS: readonly Fault[] = [
  (_, response) => void response.writeHead(500).end('no'),
  (_, response) => void response.writeHead(503, { 'retry-after': '0' }).end(),
  (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  (request) => void request.socket.resetAndDestroy(),
  (request) => void request.socket.end(),
]

/** How often it fails: for one request, and for so many in a row that the schedule is used up. */
export interface Failing {
  readonly once: number
  readonly inARow: number
}

const IN_A_ROW = 12

/** A receiver that verifies what it is sent. One that never fails has null. */
export async function receiver(
  failing: Failing | null,
  random: Random,
  sentAt: (sequence: number) => number,
): Promise<Receiver> {
  const taken: number[] = []
  const delays: number[] = []
  const counts = { failed: 0, forged: 0 }
  let verifier: Webhook | null = null
  let bad = 0
  const fails = (): boolean => {
    if (failing === null) return false
    if (bad === 0 && random() < failing.inARow) bad = IN_A_ROW
    bad = Math.max(0, bad - 1)
    return bad > 0 || random() < failing.once
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (fails()) {
      counts.failed++
      return FAULTS[Math.floor(random() * FAULTS.length)]!(request, response)
    }
    const { sequence } = verified(verifier!, Buffer.concat(chunks).toString(), request, counts)
    taken.push(sequence)
    delays.push(performance.now() - sentAt(sequence))
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    secret(text) {
      verifier = new Webhook(text)
    },
    ...{ taken, counts, delays },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function verified(verifier: Webhook, body: string, { headers }: IncomingMessage, counts: Receiver['counts']) {
  try {
    return verifier.verify(body, headers as Record<string, string>) as { sequence: number }
  } catch {
    counts.forged++
    return JSON.parse(body) as { sequence: number }
  }
}
