import type { Message } from '../fields.ts'

/** `mask` of a price: bit 0 says that an order would execute at once. */
export const tickPrice = (id: number, type: number, price: number, size: number, mask: number): Message => [
  ...[1, 6, id, type, price, size, mask],
]

export const tickSize = (id: number, type: number, size: number): Message => [2, 6, id, type, size]

export const tickGeneric = (id: number, type: number, value: number): Message => [45, 6, id, type, value]

export const tickString = (id: number, type: number, value: string): Message => [46, 6, id, type, value]

export const tickSnapshotEnd = (id: number): Message => [57, 1, id]

/** 1 live, 2 frozen, 3 delayed, 4 delayed and frozen. */
export const marketDataType = (id: number, type: number): Message => [58, 1, id, type]

export const tickReqParams = (
  id: number,
  minTick: string,
  bboExchange: string,
  permissions: number,
): Message => [...[81, id, minTick, bboExchange, permissions]]

/** `tail` is what the type has: see the builders of ticks. */
export const tickByTick = (id: number, type: number, seconds: string, tail: Message): Message => [
  ...[99, id, type, seconds],
  ...tail,
]

/** Midpoints, quotes or trades of the past, by message id: `ticks` are their fields, one tick after the other. */
export const historicalTicks = (
  messageId: 96 | 97 | 98,
  id: number,
  count: number,
  ticks: Message,
): Message => [messageId, id, count, ...ticks, true]
