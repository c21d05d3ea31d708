import { type Suspect, suspects } from '../src/market/badPrint.ts'
import { sampleOf } from '../src/market/badValue.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { BarSeries } from '../src/market/series.ts'
import { type EpochMs, epochMs, isoInstant, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import type { Delivery } from '../src/ports/bars.ts'
import type { BadPrintPolicy, QuarantineItem } from '../src/ports/quarantine.ts'
import { judgedSpan, type Neighbourhood, neighbourhood } from './neighbourhood.ts'
import type { Session, Transaction } from './session.ts'

export interface SuspicionDeps {
  readonly instrument: Instrument
  readonly policy: BadPrintPolicy
  readonly delivery: Delivery
}

/**
 * Judges the seconds of a range, and those next to it, by what is stored now, and brings the quarantine in line. What a
 * person has decided upon a bar holds until the bar is another. Resolves with the bars that went out of the candles or
 * came back into them. `whole` as for `neighbourhood`.
 */
export async function suspect(
  transaction: Transaction,
  { instrument, policy, delivery }: SuspicionDeps,
  range: TimeRange,
  whole: BarSeries | null,
): Promise<EpochMs[]> {
  const around = await neighbourhood(transaction, instrument, range, whole)
  if (around.begin === around.end) return []
  const known = await itemsIn(transaction, instrument, judgedSpan(around))
  const found = verdicts(around, instrument)
  const changes = [...found.values()].map((verdict) => changeOf(verdict, known.get(verdict.time), policy))
  const gone = [...known.values()].filter((item) => !found.has(item.time) && !holds(item, around.bars))
  for (const change of changes) if (change) await write(transaction, instrument, delivery, change)
  for (const item of gone) await transaction.rows('delete from quarantine where id = $1', [item.id])
  return [
    ...changes.flatMap((change) => (change?.moves ? [change.time] : [])),
    ...gone.flatMap(({ time, state }) => (state === 'excluded' ? [time] : [])),
  ]
}

interface Verdict extends Pick<Suspect, 'kind'> {
  readonly time: EpochMs
  readonly reason: string
  readonly sample: string
}

function verdicts({ bars, begin, end }: Neighbourhood, instrument: Instrument): Map<EpochMs, Verdict> {
  const found = suspects(bars, instrument.minTick).filter(({ index }) => index >= begin && index < end)
  return new Map(
    found.map(({ index, kind, reach }) => {
      const bar = bars.at(index)
      return [bar.time, { time: bar.time, kind, reason: reasonOf(kind, reach), sample: sampleOf(bar) }]
    }),
  )
}

const reasonOf = (kind: Suspect['kind'], reach: number): string =>
  kind === 'jump'
    ? 'a price beyond twice or below half of its neighbours'
    : `a single bar that reaches ${(reach * 100).toFixed(2)} % beyond its neighbours and comes back`

type Item = Pick<QuarantineItem, 'id' | 'kind' | 'state' | 'decidedBy' | 'sample'> & {
  readonly time: EpochMs
}

async function itemsIn(
  session: Session,
  instrument: Instrument,
  { from, to }: TimeRange,
): Promise<Map<EpochMs, Item>> {
  const rows = await session.rows<[number, string, Item['kind'], Item['state'], Item['decidedBy'], string]>(
    `select date_part('epoch', time), id, kind, state, decided_by, sample from quarantine
    where kind <> 'badValue' and instrument = $1 and size = 1 and time >= $2 and time < $3`,
    [instrument.id, isoInstant(from), isoInstant(to)],
  )
  return new Map(
    rows.map(([seconds, id, kind, state, decidedBy, sample]) => {
      const time = epochMs(seconds * SECOND_MS)
      return [time, { time, id, kind, state, decidedBy, sample }]
    }),
  )
}

/** Whether an item whose bar is suspected no more stays: a person has spoken, of this very bar. */
function holds({ time, decidedBy, sample }: Item, bars: BarSeries): boolean {
  if (decidedBy !== 'person') return false
  for (const bar of bars) if (bar.time === time) return sampleOf(bar) === sample
  return false
}

interface Change extends Verdict {
  readonly state: Item['state']
  readonly decidedBy: Item['decidedBy']
  /** Whether the bar goes out of the candles or comes back. */
  readonly moves: boolean
}

/** What to write, or null where all is known. */
function changeOf(verdict: Verdict, known: Item | undefined, policy: BadPrintPolicy): Change | null {
  if (known?.kind === verdict.kind && known.sample === verdict.sample) return null
  const decided = known?.decidedBy === 'person' && known.sample === verdict.sample
  const next = decided ? known : firstState(verdict.kind, policy)
  const moves = (known?.state === 'excluded') !== (next.state === 'excluded')
  return { ...verdict, state: next.state, decidedBy: next.decidedBy, moves }
}

/** A jump is no price of this session: it is out until somebody lets it in. */
const firstState = (kind: Suspect['kind'], policy: BadPrintPolicy): Pick<Item, 'state' | 'decidedBy'> =>
  kind === 'jump'
    ? { state: 'excluded', decidedBy: 'rule' }
    : { state: policy === 'exclude' ? 'excluded' : 'flagged', decidedBy: 'policy' }

const write = (session: Session, { id }: Instrument, { source, request, at }: Delivery, change: Change) =>
  session.rows(
    `insert into quarantine as item
      (instrument, size, time, kind, state, decided_by, reason, sample, market_time, source, request)
    values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (instrument, size, time) where kind <> 'badValue' do update set
      kind = excluded.kind, state = excluded.state, decided_by = excluded.decided_by,
      reason = excluded.reason, sample = excluded.sample, market_time = excluded.market_time,
      machine_time = excluded.machine_time, source = excluded.source, request = excluded.request`,
    [
      ...[id, isoInstant(change.time), change.kind, change.state, change.decidedBy],
      ...[change.reason, change.sample, at === null ? null : isoInstant(at), source, request],
    ],
  )
