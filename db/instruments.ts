import { asc, eq } from 'drizzle-orm'
import type { InstrumentStore } from '../src/ports/instruments.ts'
import { instruments } from './schema.ts'
import type { Session } from './session.ts'

export const instrumentStore = ({ orm }: Session): InstrumentStore => ({
  list: async () => orm.select().from(instruments).orderBy(asc(instruments.id)),

  async find(symbol) {
    const [found] = await orm.select().from(instruments).where(eq(instruments.symbol, symbol))
    return found ?? null
  },

  async save(qualified) {
    // Stored prices are whole numbers of the scale that the instrument began with.
    const { symbol, priceScale, ...known } = qualified
    const [saved] = await orm
      .insert(instruments)
      .values({ symbol, priceScale, ...known, tracked: true })
      .onConflictDoUpdate({ target: instruments.symbol, set: known })
      .returning()
    return saved!
  },

  async track(symbol, tracked) {
    const [found] = await orm
      .update(instruments)
      .set({ tracked })
      .where(eq(instruments.symbol, symbol))
      .returning()
    return found ?? null
  },
})
