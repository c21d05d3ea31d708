import { getStorage } from '../openapi/storage.ts'
import type { StorageUse } from '../src/ports/storage.ts'
import type { AppDeps } from './deps.ts'
import { type Route, route } from './route.ts'

export const storageRoutes = ({ storage, retentionDays }: AppDeps): Route[] => [
  route(getStorage).to(async () => {
    const use = await storage.use()
    const { bytes, tables, seconds, archived } = use
    const counts = { rows: seconds.rows, archived: archived.seconds, archivedDays: archived.days }
    const forecast = forecastOf(use, retentionDays)
    return {
      status: 200,
      body: { bytes, tables: [...tables], seconds: counts, retentionDays, forecast },
    }
  }),
]

// What a second costs where too few are stored to measure it: with its key as a row, and in an archive.
const ROW_BYTES = 105
const ARCHIVED_BYTES = 8
const ENOUGH_SECONDS = 100_000

function forecastOf(use: StorageUse, retentionDays: number | null) {
  const { rowBytes, archivedBytes } = costOf(use)
  const keepDays = retentionDays ?? Number.POSITIVE_INFINITY
  const bytesIn = (days: number): number => {
    const [asRows, inArchives] = [Math.min(days, keepDays), Math.max(0, days - keepDays)]
    return Math.round(use.bytes + use.secondsPerDay * (asRows * rowBytes + inArchives * archivedBytes))
  }
  return {
    bytesPerDay: Math.round(use.secondsPerDay * rowBytes),
    bytesIn30Days: bytesIn(30),
    bytesIn365Days: bytesIn(365),
  }
}

/** Bytes a second. */
const costOf = ({ seconds, archived }: StorageUse) => ({
  rowBytes: seconds.rows < ENOUGH_SECONDS ? ROW_BYTES : seconds.bytes / seconds.rows,
  archivedBytes: archived.seconds < ENOUGH_SECONDS ? ARCHIVED_BYTES : archived.bytes / archived.seconds,
})
