import { machineClock } from '../../src/clock/machine.ts'
import type { Lane } from '../../src/ports/pacing.ts'
import { runLedgerClient } from '../support/processes.ts'

/** What a client is told at its start. Instants are epoch milliseconds: of market time, but for `anchor`. */
export interface ClientPlan {
  readonly url: string
  readonly user: number
  readonly users: number
  readonly speed: number
  readonly start: number
  /** The machine's instant at which market time began. */
  readonly anchor: number
  readonly until: number
}

/** A place in the budget, as its client tells of it. */
export interface Grant {
  readonly lane: Lane
  readonly at: number
  /** When the request would have left; null where the place had grown too old. */
  readonly sentAt: number | null
  /** How long the ledger has made the client wait for it. */
  readonly heldBackMs: number
}

/** Lives one client from start to end, killed and started again at each of the machine's instants `kills`. */
export async function liveAndDie(plan: ClientPlan, kills: readonly number[]): Promise<Grant[]> {
  const granted: Grant[] = []
  for (const killAt of kills) granted.push(...(await liveUntil(plan, killAt)))
  return [...granted, ...(await liveOut(plan))]
}

async function liveUntil(plan: ClientPlan, killAt: number): Promise<Grant[]> {
  const client = await runLedgerClient(JSON.stringify(plan))
  await machineClock.sleep(Math.max(0, killAt - machineClock.now()))
  await client.end('SIGKILL')
  await client.ended
  return grantsIn(client.output())
}

async function liveOut(plan: ClientPlan): Promise<Grant[]> {
  const client = await runLedgerClient(JSON.stringify(plan))
  await client.ended
  return grantsIn(client.output())
}

/** A line that a kill has cut off is no grant: nothing was sent. */
const grantsIn = (output: string): Grant[] =>
  [...output.matchAll(/^(\{.*\})\n/gm)].map(([, line]) => JSON.parse(line!) as Grant)
