import { z } from 'zod'
import { SECOND_MS } from '../../market/time.ts'
import type { Fate } from '../orders/fate.ts'
import { rejected } from '../orders/rejections.ts'
import { drawn, entry, type FaultEntry, type Range, range } from './entry.ts'
import type { Fault, Scene } from './fault.ts'

const shares = (fallback: number) => z.number().positive().max(1e9).default(fallback)
const seconds = (fallback: number) => z.number().nonnegative().max(31_536_000).default(fallback)

/** Something that befalls an order from the moment at which it is placed, or changed. */
const fated = (fateOf: (scene: Scene) => Fate): Fault => ({
  kind: 'strike',
  of: ['placeOrder'],
  hear(request, scene) {
    scene.tws.desk.fates.give(request.line.client.id!, Number(request.fields[1]), fateOf(scene))
    return true
  },
})

/** What stands in the field of advanced rejections: nothing, what IB sends there, or what no reader understands. */
const JSONS = {
  none: '',
  valid: '[{"id":"8229","text":"The exchange is closed.","options":["Cancel"]}]',
  broken: '[{"id":"8229","text":',
}

/** What IB, TWS and the exchange do to orders. */
export const ORDER_FATES = {
  orderRejected: entry(
    'an order is rejected (201), with or without JSON in the field for it, and is `Inactive` or `Cancelled`',
    {
      reason: z.string().default('The exchange is closed.'),
      json: z.enum(['none', 'valid', 'broken']).default('none'),
      status: z.enum(['Inactive', 'Cancelled']).default('Inactive'),
    },
    ({ reason, json, status }) =>
      fated(() => ({ rejected: { notice: rejected(reason, JSONS[json]), status } })),
  ),
  orderIdTaken: entry('an order is refused as if its id were taken (103)', {}, () =>
    fated(() => ({ isIdTaken: true })),
  ),
  orderUnacknowledged: entry('an order is accepted, works, and nothing of it is told unasked', {}, () =>
    fated(() => ({ isSilent: true })),
  ),
  orderLag: entry(
    'an order is read, and for a while nothing comes of it: neither open orders nor the market have it',
    { seconds: range(5) },
    ({ seconds }) => fated(({ random }) => ({ lagMs: milliseconds(seconds, random) })),
  ),
  orderHeld: entry(
    'an order is held `PreSubmitted` (399), and works later or never',
    {
      seconds: z.number().nonnegative().nullable().default(null),
      text: z.string().default('your order is being held.'),
    },
    ({ seconds, text }) =>
      fated(() => ({
        hold: { as: 'held', forMs: seconds === null ? null : seconds * SECOND_MS },
        notices: [{ code: 399, text: `Order Message:\nWarning: ${text}` }],
      })),
  ),
  orderInactive: entry('an order is accepted, and `Inactive` until it is cancelled', {}, () =>
    fated(() => ({ hold: { as: 'inactive', forMs: null } })),
  ),
  orderNotice: entry(
    'something is said about an order that changes nothing: 10349 when no code is given',
    {
      code: z.number().int().default(10349),
      text: z.string().default('Order TIF was set to DAY based on order preset.'),
    },
    ({ code, text }) => fated(() => ({ notices: [{ code, text }] })),
  ),
  partialFills: entry(
    'an order is filled in parts of so many shares, one a second',
    { shares: shares(10) },
    ({ shares }) => fated(() => ({ mostShares: shares })),
  ),
  fractionalFill: entry(
    'the first fill of an order is a fraction of a share',
    { shares: shares(0.5) },
    ({ shares }) => fated(() => ({ firstShares: shares })),
  ),
  overfill: entry(
    'an order is filled with more shares than were ordered',
    { shares: shares(10) },
    ({ shares }) => fated(() => ({ excess: shares })),
  ),
  wrongAccount: entry(
    'the fills of an order are booked in another account',
    { account: z.string() },
    ({ account }) => fated(({ tws }) => (tws.books.named(account) ? { account } : {})),
  ),
  cancelLate: entry(
    'the cancel of an order takes a while: it may be filled before',
    { seconds: range(5) },
    ({ seconds }) => fated(({ random }) => ({ cancelLagMs: milliseconds(seconds, random) })),
  ),
  fillOnCancel: entry('an order is filled just when it is to be cancelled', {}, () =>
    fated(() => ({ isFilledOnCancel: true })),
  ),
  twoPermIds: entry(
    'a change of an order becomes an order of its own, beside it and under the same order id',
    {},
    () => fated(() => ({ isDoubled: true })),
  ),
  executionCorrected: entry(
    'a while after it an execution of an order is corrected: the same id but for its end, `.02`',
    {
      seconds: seconds(5),
      priceChange: z.number().default(0.01),
      share: z.number().min(0).max(10).default(1),
    },
    ({ seconds, priceChange, share }) =>
      fated(() => ({ correction: { afterMs: seconds * SECOND_MS, priceChange, share } })),
  ),
} as const satisfies Record<string, FaultEntry>

const milliseconds = (bounds: Range, random: () => number): number =>
  Math.round(drawn(bounds, random) * SECOND_MS)
