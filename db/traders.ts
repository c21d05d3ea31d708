import { getTableColumns, sql } from 'drizzle-orm'
import { missing } from '../src/errors.ts'
import { isoInstant } from '../src/market/time.ts'
import type { Trader, TraderChange, TraderStore } from '../src/ports/traders.ts'
import type { Session } from './session.ts'
import { traders } from './tradingSchema.ts'

export const traderStore = (session: Session): TraderStore => ({
  async find() {
    const [trader] = await select(session)
    return trader ?? null
  },

  async lock() {
    const [trader] = await select(session).for('update')
    return trader ?? null
  },

  async create(fields) {
    const [made] = await session.orm.insert(traders).values(fields).returning(SHOWN)
    return made!
  },

  change: (fields) => change(session, fields),

  async recordStart(at, since) {
    const [counted] = await session.rows<[number]>(RECORD_START, [isoInstant(at), isoInstant(since)])
    return counted![0]
  },
})

const { id: _, ...SHOWN } = getTableColumns(traders)

const select = ({ orm }: Session) => orm.select(SHOWN).from(traders)

async function change({ orm }: Session, fields: TraderChange): Promise<Trader> {
  const version = sql`${traders.version} + 1`
  const [changed] = await orm
    .update(traders)
    .set({ ...fields, version })
    .returning(SHOWN)
  if (changed === undefined) throw missing('there is no trader yet')
  return changed
}

/** A statement does not see what it inserts itself. */
const RECORD_START = `
  with entered as (insert into trader_starts (at) values ($1) returning at)
  select ((select count(*) from trader_starts where at >= $2)
    + (select count(*) from entered where at >= $2))::int4`
