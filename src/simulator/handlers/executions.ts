import type { EpochMs } from '../../market/time.ts'
import type { Execution } from '../account.ts'
import { toldExecution } from '../accounts/toldExecution.ts'
import { visibleTo } from '../accounts/visible.ts'
import type { FieldReader } from '../fields.ts'
import type { Handler } from '../handler.ts'
import * as messages from '../messages/orders.ts'
import { parseEndTime } from '../wireTime.ts'

/** `7 3 reqId …`: today's executions that the client may see and asks for, each with its commission. */
export const executions: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const filter = readFilter(fields)
  if (!filter) return client.refuse(requestId, BAD_TIME)
  for (const book of tws.books.all.filter(({ id }) => fits(filter.account, id)))
    for (const execution of book.executionsOn(tws.now()).filter((each) => passes(filter, each))) {
      if (!visibleTo(client, execution.clientId, tws)) continue
      client.send(messages.execDetails(client.version, toldExecution(requestId, book, execution)))
      client.send(messages.commissionReport(execution))
    }
  client.send(messages.executionsEnd(requestId))
}

const BAD_TIME = {
  code: 321,
  text: "Error validating request.-'bV' : cause - Invalid time of the execution filter",
}

/** An empty text, and the client id 0, let everything pass. */
interface Filter {
  readonly clientId: number
  readonly account: string
  readonly since: EpochMs | null
  readonly symbol: string
  readonly secType: string
  readonly exchange: string
  readonly side: string
}

/** `clientId account time symbol secType exchange side`; null when the time is none. */
function readFilter(fields: FieldReader): Filter | null {
  const [clientId, account, time] = [fields.integer(), fields.text(), fields.text()]
  const [symbol, secType, exchange] = [fields.text(), fields.text(), fields.text()]
  const side = fields.text().toUpperCase()
  const from = parseEndTime(time)
  if (time !== '' && !from) return null
  return { clientId, account, since: from?.at ?? null, symbol, secType, exchange, side }
}

const fits = (wanted: string, value: string): boolean => wanted === '' || wanted === value

const passes = (filter: Filter, { clientId, time, symbol, exchange, side }: Execution): boolean =>
  (filter.clientId === 0 || filter.clientId === clientId) &&
  (filter.since === null || time >= filter.since) &&
  fits(filter.symbol, symbol) &&
  fits(filter.secType, 'STK') &&
  fits(filter.exchange, exchange) &&
  (fits(filter.side, side) || filter.side === ORDERED[side])

/** The filter takes the words of orders. */
const ORDERED = { BOT: 'BUY', SLD: 'SELL' } as const
