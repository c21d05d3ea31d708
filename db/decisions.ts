import { and, asc, desc, eq, gte, lt } from 'drizzle-orm'
import type { DecisionStore, JournalledDecision } from '../src/ports/decisions.ts'
import type { Session } from './session.ts'
import { decisions } from './tradingSchema.ts'

export const decisionStore = (session: Session): DecisionStore => ({
  add: async (decision) => void (await session.orm.insert(decisions).values(rowOf(decision))),

  async find(symbol, candleTime) {
    const [found] = await select(session).where(
      and(eq(decisions.symbol, symbol), eq(decisions.time, candleTime)),
    )
    return found ? decisionOf(found) : null
  },

  async between(symbol, { from, to }, limit) {
    const { time } = decisions
    const found = select(session)
      .where(and(eq(decisions.symbol, symbol), gte(time, from), lt(time, to)))
      .orderBy(asc(time))
      .$dynamic()
    return (await (limit === undefined ? found : found.limit(limit))).map(decisionOf)
  },

  async latest(symbol) {
    const [found] = await select(session)
      .where(eq(decisions.symbol, symbol))
      .orderBy(desc(decisions.time))
      .limit(1)
    return found ? decisionOf(found) : null
  },
})

type Row = typeof decisions.$inferSelect

const select = ({ orm }: Session) => orm.select().from(decisions)

/** Time and close of the candle are those of the decision. */
const rowOf = ({ candle, conditions, ...decision }: JournalledDecision): typeof decisions.$inferInsert => ({
  ...candle,
  ...decision,
  conditions: [...conditions],
})

const decisionOf = ({ open, high, low, volume, vwap, tradeCount, ...decision }: Row): JournalledDecision => ({
  ...decision,
  candle: { time: decision.time, open, high, low, close: decision.close, volume, vwap, tradeCount },
})
