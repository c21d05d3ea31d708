import type { Spoken } from './fault.ts'
import type { FaultyLine } from './line.ts'

/** Which happenings a fault is about; what is left out may be anything. */
export interface Aim {
  /** A client id. */
  readonly client?: number | undefined
  /** A kind of request, by name: of an answer, the request that it belongs to. */
  readonly request?: string | undefined
  /** A kind of message from the server, by name. */
  readonly message?: string | undefined
  readonly symbol?: string | undefined
  /** Of an order: `BUY` or `SELL`, and its type. */
  readonly action?: string | undefined
  readonly orderType?: string | undefined
}

/** A connection, a request or a message, as far as an aim can tell. */
export type Happening = { readonly [Key in keyof Aim]-?: Exclude<Aim[Key], undefined> | null }

export const isMet = (aim: Aim, happening: Happening): boolean =>
  (Object.keys(aim) as (keyof Aim)[]).every((key) => aim[key] === undefined || aim[key] === happening[key])

export const connectionOf = ({ client }: Pick<FaultyLine, 'client'>): Happening => ({
  client: client.id,
  request: null,
  message: null,
  symbol: null,
  action: null,
  orderType: null,
})

export const requestOf = ({ about, line }: Spoken): Happening => ({
  ...connectionOf(line),
  request: about.name,
  symbol: about.symbol,
  action: about.action,
  orderType: about.orderType,
})

export function answerOf({ about, line }: Spoken): Happening {
  const request = line.asked.request(about.requestId)
  return {
    client: line.client.id,
    request: request?.name ?? null,
    message: about.name,
    symbol: request?.symbol ?? null,
    action: request?.action ?? null,
    orderType: request?.orderType ?? null,
  }
}
