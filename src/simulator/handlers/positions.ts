import type { Handler } from '../handler.ts'
import { positionEnd, positionMultiEnd } from '../messages.ts'

/** The account holds nothing. */
export const positions: Handler = (_fields, { client }) => client.send(positionEnd())

/** `74 1 reqId account model`. */
export const positionsMulti: Handler = (fields, { client }) =>
  client.send(positionMultiEnd(fields.skip(1).integer()))
