import { HOUR_MS } from '../../../src/market/time.ts'
import type { PacedRequest, PacingLedger } from '../../../src/ports/pacingLedger.ts'
import type { OnWrite } from './table.ts'

/** More than any rule looks back. */
const KEPT_MS = 2 * HOUR_MS

export function memoryPacingLedger(onWrite: OnWrite = () => {}): PacingLedger {
  let rows: PacedRequest[] = []
  const since = (at: number): PacedRequest[] => rows.filter((row) => row.at >= at)
  return {
    async append(from, decide) {
      const row = decide(since(from))
      if (row === null) return null
      rows = [...since(row.at - KEPT_MS), row].sort((a, b) => a.at - b.at)
      onWrite('pacing', row.at)
      return row
    },
    since: async (at) => since(at),
  }
}
