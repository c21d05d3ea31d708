import type { BarSize } from '../src/market/barSize.ts'
import type { CoverageRange, CoverageState } from '../src/market/coverage.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { epochMs, isoInstant, type TimeRange } from '../src/market/time.ts'
import type { CoverageStore } from '../src/ports/coverage.ts'
import { sizeSeconds } from './barTable.ts'
import { IS_SUSPECTED } from './quarantine.ts'
import type { Prepared, Session } from './session.ts'

export const coverageStore = (session: Session): CoverageStore => ({
  async mark(instrument, size, { from, to }, state) {
    const span = [isoInstant(from), isoInstant(to)]
    await session.rows(MARK, [instrument.id, sizeSeconds(size), ...span, state, EXCHANGE_ZONE])
  },

  async between(...asked) {
    const rows = await session.rows<CoverageRow>(BETWEEN, valuesOf(...asked))
    return rows.map(rangeOf)
  },

  async judgement(...asked) {
    const rows = await session.rows<CoverageRow | SuspectedRow>(JUDGEMENT, valuesOf(...asked))
    const isSuspected = (row: CoverageRow | SuspectedRow): row is SuspectedRow => row[0] === 'suspected'
    return {
      known: rows.filter((row) => !isSuspected(row)).map(rangeOf),
      suspected: rows.filter(isSuspected).map(([, at]) => epochMs(Math.round(at))),
    }
  },
})

const valuesOf = (
  { id }: Instrument,
  ...[size, { from, to }]: [size: BarSize, range: TimeRange]
): readonly unknown[] => [id, sizeSeconds(size), isoInstant(from), isoInstant(to), EXCHANGE_ZONE]

const EXCHANGE_ZONE = 'America/New_York'

/**
 * Cuts the span [$3, $4) at the exchange's midnights and writes a row for each date. A row is changed in one step, so
 * writers of the same day do not lose each other's spans. Nothing is taken from `done`, nor put over it.
 */
const MARK = `
  insert into coverage (instrument, size, date, done, empty, partial, failed)
  select $1, $2, day.date, ${['done', 'empty', 'partial', 'failed'].map(
    (state) => `case when $5::text = '${state}' then day.span else '{}' end`,
  )}
  from (
    select midnight::date as date, tstzmultirange(
      tstzrange($3, $4) * tstzrange(midnight at time zone $6, (midnight + interval '1 day') at time zone $6)
    ) as span
    from generate_series(
      date_trunc('day', $3::timestamptz at time zone $6), $4::timestamptz at time zone $6, interval '1 day'
    ) as midnight
  ) as day
  where not isempty(day.span)
  order by day.date
  on conflict (instrument, size, date) do update set
    done = coverage.done + excluded.done,
    empty = coverage.empty - excluded.done - excluded.partial - excluded.failed
      + (excluded.empty - coverage.done),
    partial = coverage.partial - excluded.done - excluded.empty - excluded.failed
      + (excluded.partial - coverage.done),
    failed = coverage.failed - excluded.done - excluded.empty - excluded.partial
      + (excluded.failed - coverage.done)`

/** Spans that end at midnight and go on after it are one again. */
const KNOWN = `
  select state, date_part('epoch', lower(span)) * 1000 as first, date_part('epoch', upper(span)) * 1000
  from (
    select state, unnest(range_agg(spans) * tstzmultirange(tstzrange($3, $4))) as span
    from coverage
    cross join lateral (
      values ('done', done), ('empty', empty), ('partial', partial), ('failed', failed)
    ) as known (state, spans)
    where instrument = $1 and size = $2
      and date between ($3::timestamptz at time zone $5)::date and ($4::timestamptz at time zone $5)::date
    group by state
  ) as known`

const BETWEEN: Prepared = { name: 'coverage_between', text: `${KNOWN} order by first` }

const JUDGEMENT: Prepared = {
  name: 'coverage_judgement',
  text: `${KNOWN}
  union all
  select 'suspected', date_part('epoch', time) * 1000, null from quarantine where ${IS_SUSPECTED}
  order by first`,
}

/** Milliseconds as floats. */
type CoverageRow = [CoverageState, number, number]
type SuspectedRow = ['suspected', number, null]

const rangeOf = ([state, from, to]: CoverageRow): CoverageRange => ({
  state,
  from: epochMs(Math.round(from)),
  to: epochMs(Math.round(to)),
})
