import type { ClientBase } from 'pg'

/** A table of ours as it is copied: its columns in their order, its rows in that of its key. */
export interface Table {
  readonly name: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

/** A part of a partitioned table, with the `for values …` that it was made with. */
export interface Partition {
  readonly name: string
  readonly parent: string
  readonly bound: string
}

export interface Sequence {
  readonly name: string
  readonly last: string
}

const rows = async <Row extends object>(client: ClientBase, sql: string): Promise<Row[]> =>
  (await client.query<Row>(sql)).rows

/** Every table, those that others refer to first. A part of a partitioned table belongs to the whole. */
export async function tablesOf(client: ClientBase): Promise<Table[]> {
  const tables = await rows<Table & { needs: string[] }>(client, TABLES)
  const sorted: Table[] = []
  const place = (table: Table & { needs: string[] }): void => {
    if (sorted.some(({ name }) => name === table.name)) return
    for (const need of table.needs) place(tables.find(({ name }) => name === need)!)
    sorted.push({ name: table.name, columns: table.columns, key: table.key })
  }
  for (const table of tables) place(table)
  return sorted
}

const TABLES = `
  select c.relname as name,
    array(select quote_ident(a.attname) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by a.attnum) as columns,
    array(select quote_ident(a.attname) from pg_index i
      cross join unnest(i.indkey::int2[]) with ordinality k(attnum, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary order by k.place) as key,
    array(select distinct f.relname from pg_constraint t join pg_class f on f.oid = t.confrelid
      where t.conrelid = c.oid and t.contype = 'f' and f.oid <> c.oid)::text[] as needs
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname`

export const partitionsOf = (client: ClientBase): Promise<Partition[]> =>
  rows(
    client,
    `select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_inherits join pg_class c on c.oid = inhrelid join pg_class p on p.oid = inhparent
    where c.relnamespace = 'public'::regnamespace and c.relispartition and c.relkind = 'r'
    order by c.relname`,
  )

/** Where the numbering of each sequence stands: a number is never given twice, not even after a restore. */
export const sequencesOf = (client: ClientBase): Promise<Sequence[]> =>
  rows(
    client,
    `select sequencename as name, last_value::text as last from pg_sequences
    where schemaname = 'public' and last_value is not null order by sequencename`,
  )
