import type { RejectedBar } from '../src/market/badValue.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { type EpochMs, epochMs, isoInstant, SECOND_MS } from '../src/market/time.ts'
import type { Delivery } from '../src/ports/bars.ts'
import type {
  BadPrintPolicy,
  QuarantineItem,
  QuarantineQuery,
  QuarantineState,
  QuarantineStore,
} from '../src/ports/quarantine.ts'
import { sizeOf, sizeSeconds } from './barTable.ts'
import { applyPolicy, decide } from './exclusion.ts'
import { instrumentStore } from './instruments.ts'
import type { Prepared, Session } from './session.ts'

export const quarantineStore = (session: Session, policy: BadPrintPolicy): QuarantineStore => ({
  list: (query) => list(session, query),
  find: (id) => find(session, id),
  decide: (id, decision) =>
    session.atomically(async (transaction) => {
      const item = await find(transaction, id)
      if (item === null) return null
      await decide(transaction, item, decision)
      return find(transaction, id)
    }),
  async countSuspected(instrument, size, { from, to }) {
    const [[count] = [0]] = await session.rows<[number]>(
      `select count(*)::int4 from quarantine where ${IS_SUSPECTED}`,
      [instrument.id, sizeSeconds(size), isoInstant(from), isoInstant(to)],
    )
    return count
  },
  applyPolicy: () => applyPolicy(session, policy),
})

/** Puts rows that cannot be bars aside; one that is known already is not written again. */
export async function hold(
  session: Session,
  instrument: Instrument,
  size: number,
  { rejected, source, request, at }: Delivery,
): Promise<void> {
  if (rejected.length === 0) return
  const column = (of: (row: RejectedBar) => string | null) => rejected.map(of)
  await session.rows(
    `insert into quarantine
      (instrument, size, kind, state, decided_by, market_time, source, request, time, reason, sample)
    select $1, $2, 'badValue', 'rejected', 'rule', $3, $4, $5, row.*
    from unnest($6::timestamptz[], $7::text[], $8::text[]) as row
    on conflict do nothing`,
    [
      ...[instrument.id, size, at === null ? null : isoInstant(at), source, request],
      column(({ time }) => (time === null ? null : isoInstant(time))),
      column(({ reason }) => reason),
      column(({ sample }) => sample),
    ],
  )
}

/** The marks on bars of a range that may be right: $1 instrument, $2 size in seconds, $3 from, $4 to. */
export const OF_BAR = `kind <> 'badValue' and instrument = $1 and size = $2 and time >= $3 and time < $4`

/** Of those the ones that are in the candles all the same. */
export const IS_SUSPECTED = `${OF_BAR} and state <> 'excluded'`

const EXCLUDED: Prepared = {
  name: 'quarantine_excluded',
  text: `select date_part('epoch', time) from quarantine where ${OF_BAR} and state = 'excluded'`,
}

/** The times of the seconds that are out of the candles. */
export async function excludedTimes(
  session: Session,
  instrument: Instrument,
  from: EpochMs,
  to: EpochMs,
): Promise<EpochMs[]> {
  const rows = await session.rows<[number]>(EXCLUDED, [instrument.id, 1, isoInstant(from), isoInstant(to)])
  return rows.map(([seconds]) => epochMs(seconds * SECOND_MS))
}

type Row = [
  id: string,
  instrument: number,
  size: number,
  time: number | null,
  kind: QuarantineItem['kind'],
  state: QuarantineState,
  decidedBy: QuarantineItem['decidedBy'],
  reason: string,
  sample: string,
  source: QuarantineItem['source'],
  request: string | null,
  marketMs: number | null,
  machineMs: number,
]

const ITEMS = `
  select id, instrument, size, date_part('epoch', time) * 1000, kind, state, decided_by, reason, sample, source,
    request, date_part('epoch', market_time) * 1000, date_part('epoch', machine_time) * 1000
  from quarantine`

async function list(session: Session, query: QuarantineQuery): Promise<QuarantineItem[]> {
  const { instrument, from, to, kind = null, state = null, after = null, limit } = query
  const rows = await session.rows<Row>(
    `${ITEMS} where ($1::int4 is null or instrument = $1)
      and ($2::timestamptz is null or time >= $2) and ($3::timestamptz is null or time < $3)
      and ($4::text is null or kind = $4) and ($5::text is null or state = $5)
      and ($6::text is null or ordinal < (select ordinal from quarantine where id = $6))
    order by ordinal desc limit $7`,
    [
      ...[instrument?.id ?? null, from === undefined ? null : isoInstant(from)],
      ...[to === undefined ? null : isoInstant(to), kind, state, after, limit],
    ],
  )
  const instruments = await instrumentStore(session).list()
  const byId = new Map(instruments.map((each) => [each.id, each]))
  return rows.map((row) => itemOf(row, byId.get(row[1])!))
}

async function find(session: Session, id: string): Promise<QuarantineItem | null> {
  const [row] = await session.rows<Row>(`${ITEMS} where id = $1`, [id])
  if (row === undefined) return null
  const instruments = await instrumentStore(session).list()
  return itemOf(row, instruments.find((each) => each.id === row[1])!)
}

const itemOf = (row: Row, instrument: Instrument): QuarantineItem => {
  const [id, , size, ms, kind, state, decidedBy, reason, sample, source, request, marketMs, machineMs] = row
  const time = instantOf(ms)
  const told = { marketTime: instantOf(marketMs), machineTime: epochMs(Math.round(machineMs)) }
  return {
    ...{ id, instrument, size: sizeOf(size), time, kind, state, decidedBy },
    ...{ reason, sample, source, request },
    ...told,
  }
}

const instantOf = (ms: number | null): EpochMs | null => (ms === null ? null : epochMs(Math.round(ms)))
