import { z } from 'zod'
import { ORDER_BY_HAND, orderByHand } from '../control/orders.ts'
import { POSITION_BY_HAND, TRADE_BY_HAND, tradeByHand } from '../control/trades.ts'
import type { Tws } from '../tws.ts'
import { entry, type FaultEntry } from './entry.ts'
import type { Fault, Scene } from './fault.ts'

/** The first account when it is left out. */
const account = z.string().default('')

const idOf = ({ books }: Tws, name: string): string => name || books.ids[0]!

/** Something that is done once, at its time. */
const done = (deed: (scene: Scene) => void): Fault => ({
  kind: 'spell',
  begin(scene) {
    scene.tws.floor.settle()
    deed(scene)
  },
})

/** What other people do to the account, at the TWS itself or by another client. */
export const PERSON_FAULTS = {
  manualTrade: entry(
    'a person trades at the TWS itself',
    { ...TRADE_BY_HAND, account },
    ({ account, ...trade }) =>
      done(({ tws }) => tws.books.record(idOf(tws, account), tradeByHand(trade, tws))),
  ),
  manualOrder: entry(
    'a person orders at the TWS itself, or another client does whose id is said',
    { ...ORDER_BY_HAND, account },
    ({ account, ...order }) => done(({ tws }) => void orderByHand(order, idOf(tws, account), tws)),
  ),
  manualCancel: entry(
    'a person cancels the open orders: all, or those of a client or a symbol',
    { clientId: z.number().int().optional(), symbol: z.string().optional() },
    ({ clientId, symbol }) =>
      done(({ tws }) => {
        for (const order of tws.floor.orders.open) {
          const isMeant =
            (clientId ?? order.clientId) === order.clientId &&
            (symbol ?? order.terms.symbol) === order.terms.symbol
          if (isMeant && order.isLive) tws.desk.cancel(order)
        }
      }),
  ),
  positionChanged: entry(
    'a position is another from one moment to the next, without a trade',
    { ...POSITION_BY_HAND, account },
    ({ account, ...position }) =>
      done(({ tws }) => tws.books.named(idOf(tws, account))?.setPosition(position)),
  ),
} as const satisfies Record<string, FaultEntry>
