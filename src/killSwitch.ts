import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from './errors.ts'
import type { Log } from './log.ts'
import type { Clock } from './market/time.ts'
import type { Stores } from './ports/stores.ts'
import type { KillLatch } from './trading/killLatch.ts'
import { lowerLevel } from './trading/levels.ts'

/** How often the file is looked for, and the row tried again, in machine time. */
const LOOK_MS = 500

export interface KillSwitchDeps {
  readonly latch: KillLatch
  readonly stores: Stores
  readonly market: Clock
  readonly machine: Clock
  readonly dataDir: string
  readonly log: Log
}

/**
 * The way to stop that needs neither the API nor the database: SIGUSR2, or a file named `halt` in DATA_DIR. It closes the
 * latch of this process at once, and then halts the trader's row, as soon as that can be written. Ends with the signal.
 */
export async function watchKillSwitch(deps: KillSwitchDeps, signal: AbortSignal): Promise<void> {
  const { latch, machine, log } = deps
  const onSignal = (): void => latch.close('SIGUSR2 has halted it')
  process.on('SIGUSR2', onSignal)
  try {
    while (latch.reason === null) {
      if (await exists(join(deps.dataDir, 'halt'))) latch.close('the file DATA_DIR/halt has halted it')
      else await machine.sleep(LOOK_MS, signal)
    }
    log.error({ reason: latch.reason }, 'trading is halted')
    while (!(await isStored(deps))) await machine.sleep(LOOK_MS, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    process.off('SIGUSR2', onSignal)
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Sticky: the next process is halted too. */
async function isStored({ latch, stores, market, log }: KillSwitchDeps): Promise<boolean> {
  try {
    await lowerLevel(stores, { level: 'halted', cause: 'person', reason: latch.reason }, market.now())
    return true
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'the halt is not stored yet')
    return false
  }
}
