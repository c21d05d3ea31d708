import type { PacedRequest, PacingLedger } from '../../../src/ports/pacingLedger.ts'

/** A ledger in memory, for one process that stands for all. */
export function memoryLedger(): PacingLedger {
  const rows: PacedRequest[] = []
  const since: PacingLedger['since'] = async (from) =>
    rows.filter(({ at }) => at >= from).sort((a, b) => a.at - b.at)
  return {
    since,
    async append(from, decide) {
      const row = decide(await since(from))
      if (row !== null) rows.push(row)
      return row
    },
  }
}
