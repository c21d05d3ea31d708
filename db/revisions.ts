import { epochMs, isoInstant } from '../src/market/time.ts'
import type { RevisedBars, Revision, RevisionStore } from '../src/ports/revisions.ts'
import { type BarRow, EPOCH_S, storedSeries } from './barSeries.ts'
import { sizeSeconds } from './barTable.ts'
import type { Session } from './session.ts'

export const revisionStore = (session: Session): RevisionStore => ({
  async list(bars, { limit, after = null }) {
    const rows = await session.rows<RevisionRow>(LIST, [...place(bars), after, limit])
    return rows.map((row) => revisionOf(row, bars))
  },

  async count(bars) {
    const [row] = await session.rows<[number]>(`select count(*)::int4 from revisions ${OF_BARS}`, place(bars))
    return row![0]
  },
})

const OF_BARS = 'where instrument = $1 and size = $2 and time >= $3 and time < $4'

const place = ({ instrument, size, from, to }: RevisedBars) => [
  instrument.id,
  sizeSeconds(size),
  isoInstant(from),
  isoInstant(to),
]

const LIST = `
  select ${EPOCH_S}, open, high, low, close, volume::float8, vwap, trade_count, id::float8, source, request,
    date_part('epoch', market_time) * 1000, date_part('epoch', machine_time) * 1000
  from revisions ${OF_BARS} and ($5::int8 is null or id < $5)
  order by id desc limit $6`

type RevisionRow = [
  ...bar: BarRow,
  id: number,
  source: Revision['source'],
  request: string | null,
  marketMs: number | null,
  machineMs: number,
]

function revisionOf(row: RevisionRow, { instrument }: RevisedBars): Revision {
  const [id, source, request, marketMs, machineMs] = row.slice(8) as RevisionRow extends [
    ...BarRow,
    ...infer Rest,
  ]
    ? Rest
    : never
  return {
    id,
    before: storedSeries([row.slice(0, 8) as BarRow], instrument).at(0),
    source,
    request,
    marketTime: marketMs === null ? null : epochMs(Math.round(marketMs)),
    machineTime: epochMs(Math.round(machineMs)),
  }
}
