import type { Handler } from '../handler.ts'
import { NO_ID } from '../messages/session.ts'
import type { DataType } from '../ticks/entitlement.ts'

/** `59 1 type`: for the requests that follow. TWS answers only with the data that the type is for. */
export const marketDataType: Handler = (fields, { client }) => {
  const type = fields.skip(1).integer()
  if (isDataType(type)) client.marketDataType = type
  else client.refuse(NO_ID, { code: 321, text: `${VALIDATING}Invalid market data type: ${type}` })
}

const VALIDATING = "Error validating request.-'cc' : cause - "

const isDataType = (type: number): type is DataType => type >= 1 && type <= 4
