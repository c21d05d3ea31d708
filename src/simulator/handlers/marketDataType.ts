import type { Handler } from '../handler.ts'

const LIVE = 1
const DELAYED_FROZEN = 4

/** `59 1 type`. TWS answers only with the data that the type is for. */
export const marketDataType: Handler = (fields, { client }) => {
  const type = fields.skip(1).integer()
  if (type < LIVE || type > DELAYED_FROZEN)
    client.refuse(-1, {
      code: 321,
      text: `Error validating request.-'cc' : cause - Invalid market data type: ${type}`,
    })
}
