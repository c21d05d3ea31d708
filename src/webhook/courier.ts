import { messageOf } from '../errors.ts'
import { type Clock, DAY_MS, epochMs, MINUTE_MS, SECOND_MS } from '../market/time.ts'
import type { EventBell } from '../ports/eventStreams.ts'
import type { QueueRunner } from '../ports/queue.ts'
import { DELIVER, type DeliverDeps, deliverAll, enqueue } from './deliver.ts'

export interface CourierDeps extends DeliverDeps {
  readonly bell: EventBell
  readonly runner: QueueRunner
  /** How often the outbox is looked at when nobody rings. */
  readonly lookEveryMs?: number
}

/** The bell may miss a ring. */
const LOOK_EVERY_MS = 10 * SECOND_MS
/** A job that was lost, by whatever defect, is added again so often. */
const SWEEP_EVERY_MS = MINUTE_MS
/** How long deliveries that are over can be looked up. */
const KEPT_MS = 30 * DAY_MS

/**
 * Makes deliveries of what happens and has them sent, until the signal is aborted. One process at a time: what a dead
 * one had under way is taken up first. Rejects when the database does.
 */
export async function runCourier(deps: CourierDeps, signal: AbortSignal): Promise<void> {
  const { runner, bell, machine, lookEveryMs = LOOK_EVERY_MS } = deps
  await runner.start({ [DELIVER]: deliverAll(deps) })
  const pauses = new Pauses(machine)
  const silence = bell.listen(() => pauses.end())
  try {
    let swept = epochMs(0)
    while (!signal.aborted) {
      const pause = pauses.begin(lookEveryMs, signal)
      const isDue = machine.now() - swept >= SWEEP_EVERY_MS
      if (isDue) swept = await sweep(deps)
      await spread(deps, signal)
      await pause
    }
  } finally {
    silence()
    await runner.stop()
  }
}

async function spread({ stores, machine }: CourierDeps, signal: AbortSignal): Promise<void> {
  let isMore = true
  while (isMore && !signal.aborted) {
    const found = await stores.webhooks.spread(machine.now())
    for (const endpoint of found.given) await enqueue(stores, endpoint)
    isMore = found.isMore
  }
}

async function sweep({ stores, machine, log }: CourierDeps) {
  const now = machine.now()
  for (const endpoint of await stores.webhooks.waiting()) await enqueue(stores, endpoint)
  try {
    await stores.webhooks.prune(epochMs(now - KEPT_MS))
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'old deliveries were not forgotten')
  }
  return now
}

/** Waits that end early when somebody rings. */
class Pauses {
  readonly #clock: Clock
  #end = (): void => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  end(): void {
    this.#end()
  }

  begin(ms: number, signal: AbortSignal): Promise<void> {
    const rung = new AbortController()
    this.#end = () => rung.abort()
    return this.#clock.sleep(ms, AbortSignal.any([signal, rung.signal])).catch(() => {})
  }
}
