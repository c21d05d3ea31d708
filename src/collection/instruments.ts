import { isRetryable, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { MOST_TRACKED } from '../market/polling.ts'
import type { Clock } from '../market/time.ts'
import type { MarketData } from '../ports/marketData.ts'
import type { Stores } from '../ports/stores.ts'

const ASK_AGAIN_MS = 500

export interface PrepareDeps {
  readonly stores: Stores
  readonly marketData: MarketData
  readonly machine: Clock
  readonly log: Log
}

/**
 * Qualifies the symbols of the configuration with the broker and tracks them. Waits for the gateway as long as it
 * takes; a symbol that the broker refuses is told and left out. Where there are too many, those that the configuration
 * does not name are no longer tracked. Rejects only with the signal's reason, and as the stores do.
 */
export async function prepareInstruments(
  deps: PrepareDeps,
  symbols: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const symbol of symbols) {
    if ((await deps.stores.instruments.find(symbol)) === null) await qualify(deps, symbol, signal)
    await deps.stores.instruments.track(symbol, true)
  }
  await makeRoom(deps, symbols)
}

async function makeRoom({ stores, log }: PrepareDeps, symbols: readonly string[]): Promise<void> {
  const tracked = (await stores.instruments.list()).filter((it) => it.tracked)
  if (tracked.length <= MOST_TRACKED) return
  for (const { symbol } of tracked.filter((it) => !symbols.includes(it.symbol))) {
    await stores.instruments.track(symbol, false)
    log.warn(
      { symbol, most: MOST_TRACKED },
      'no longer tracked: SYMBOLS does not name it, and there is no room',
    )
  }
}

async function qualify(deps: PrepareDeps, symbol: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await deps.stores.instruments.save(await deps.marketData.qualify(symbol))
      return
    } catch (error) {
      if (!isRetryable(error)) {
        deps.log.error({ symbol, error: messageOf(error) }, 'the symbol is not collected')
        return
      }
      await deps.machine.sleep(ASK_AGAIN_MS, signal)
    }
  }
}
