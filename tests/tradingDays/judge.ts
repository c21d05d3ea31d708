import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../src/market/time.ts'
import type { Assembly } from './assembly.ts'
import { CLIENT_ID, SYMBOL } from './process.ts'

/** Position and books must agree within so long, or the trader must say that it stands still (I4). */
const AGREE_MS = MINUTE_MS

/** After the calm everything must be settled: nothing in doubt, books equal, somebody leading. */
export async function judgeEnd({ memory, witness, leader, tws }: Assembly): Promise<void> {
  const booked = await memory.stores.executions.position(SYMBOL)
  if (booked !== witness.held)
    witness.tell(`I4: at the end ${booked} shares are booked, the broker has ${witness.held}`)
  const standing = leader()?.standing ?? null
  if (standing === null) witness.tell('L: nobody leads at the end')
  else if (!standing.isReconciled)
    witness.tell(`L: not reconciled at the end: ${standing.state}, ${standing.reason}`)
  const open = await memory.stores.intents.open()
  for (const intent of open.filter(({ purpose, state }) => purpose !== 'stop' || state !== 'working'))
    witness.tell(`L: ${intent.purpose} ${intent.orderId} is ${intent.state} at the end`)
  for (const order of tws.floor.orders.live.filter(({ clientId }) => clientId === CLIENT_ID)) {
    const intent = open.find(({ orderId }) => orderId === order.orderId)
    if (intent === undefined)
      witness.tell(`L: order ${order.orderId} ${order.terms.action} lives at the end, and is not known`)
  }
}

/** Looks every second of market time. */
export async function seconds(run: Assembly, until: EpochMs, signal: AbortSignal): Promise<void> {
  const { clock, witness } = run
  let since: EpochMs | null = null
  while (clock.now() < until && !signal.aborted) {
    witness.look()
    const differs = await difference(run)
    since = differs === null ? null : (since ?? clock.now())
    if (since !== null && clock.now() - since > AGREE_MS) {
      witness.tell(`I4: for a minute ${differs}`)
      since = null
    }
    await clock.sleep(SECOND_MS, signal)
  }
}

/** How what is booked differs from what the broker has, although the trader does not say that it stands still. */
async function difference({ memory, witness, leader }: Assembly): Promise<string | null> {
  const standing = leader()?.standing ?? null
  const isFrozen = standing === null || standing.state === 'halted' || !standing.isReconciled
  const booked = await memory.stores.executions.position(SYMBOL)
  if (isFrozen || booked === witness.held) return null
  return `${booked} shares are booked, the broker has ${witness.held}, and it is ${standing.state}`
}
