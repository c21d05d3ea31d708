import type { Clock } from '../market/time.ts'

/** Does something now and every `everyMs` again, until it is stopped. */
export async function repeated(
  machine: Clock,
  everyMs: number,
  stopped: AbortSignal,
  act: () => Promise<void>,
): Promise<void> {
  while (!stopped.aborted) {
    await act()
    await machine.sleep(everyMs, stopped).catch(() => {})
  }
}
