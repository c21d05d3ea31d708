import type { StorageUse, TableSize } from '../src/ports/storage.ts'
import type { Session } from './session.ts'

/** How much the database holds, by PostgreSQL's own books: no table is read, but for a week of seconds. */
export async function storageUse(session: Session): Promise<StorageUse> {
  const [[bytes] = [0]] = await session.rows<[number]>('select pg_database_size(current_database())::float8')
  const tables = (await session.rows<[string, number, number]>(TABLES)).map(sizeOf)
  const [[seconds, days] = [0, 0]] = await session.rows<[number, number]>(
    'select coalesce(sum(count), 0)::float8, count(*)::int4 from archives',
  )
  const [[lastWeek] = [0]] = await session.rows<[number]>(LAST_WEEK)
  return {
    bytes,
    tables,
    seconds: tables.find(({ name }) => name === 'second_bars') ?? { rows: 0, bytes: 0 },
    archived: { seconds, days, bytes: tables.find(({ name }) => name === 'archives')?.bytes ?? 0 },
    secondsPerDay: lastWeek / 7,
  }
}

const sizeOf = ([name, bytes, rows]: [string, number, number]): TableSize => ({ name, bytes, rows })

/** A partitioned table is the sum of its months. Rows are live rows as the statistics collector counts them. */
const TABLES = `
  select whole.relname, sum(pg_total_relation_size(part.oid))::float8,
    coalesce(sum(pg_stat_get_live_tuples(part.oid)), 0)::float8
  from pg_class as whole
  cross join lateral (
    select whole.oid where whole.relkind = 'r' and not whole.relispartition
    union all
    select inhrelid from pg_inherits where inhparent = whole.oid and whole.relkind = 'p'
  ) as part
  where whole.relnamespace = 'public'::regnamespace and whole.relkind in ('r', 'p')
  group by whole.relname order by 2 desc, 1`

/** The seconds of every instrument's own last seven days. */
const LAST_WEEK = `
  select coalesce(sum(week.count), 0)::float8
  from instruments
  cross join lateral (select max(time) as last from second_bars where instrument = id) as newest
  cross join lateral (
    select count(*) from second_bars where instrument = id and time > newest.last - interval '7 days'
  ) as week`
