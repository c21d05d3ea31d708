import { type Contract, type ContractDetails, EventName, type Execution, IBApi } from '@stoqey/ib'
import { type BooksMessage, onBooks } from './booksMessages.ts'
import { type Dial, dialBy } from './duplex.ts'
import type { HistoricalFailure } from './errorCodes.ts'
import { guardFrames } from './frameGuard.ts'
import { unquoted } from './quotedJson.ts'
import type { WireBar, WireSession } from './translate.ts'

/** `SendRate` takes the place of the library's limiter; were it not set, the library would look into the environment. */
const MESSAGES_PER_SECOND = 40
/** A message may quote a whole frame. */
const LONGEST_TEXT = 500

/** One message that answers a request. */
export type Answer =
  | { readonly type: 'bar'; readonly bar: WireBar }
  /** A bar that is kept up to date, as it stands now. */
  | { readonly type: 'barUpdate'; readonly bar: WireBar }
  | { readonly type: 'barsEnd' }
  | { readonly type: 'contract'; readonly details: ContractDetails }
  | { readonly type: 'contractEnd' }
  | { readonly type: 'schedule'; readonly sessions: readonly WireSession[] }
  | { readonly type: 'historicalFailure'; readonly failure: HistoricalFailure; readonly text: string }
  | { readonly type: 'execution'; readonly contract: Contract; readonly execution: Execution }
  | { readonly type: 'executionsEnd' }
  | {
      readonly type: 'accountValue'
      readonly account: string
      readonly tag: string
      readonly value: string
      readonly currency: string
    }
  | { readonly type: 'accountValuesEnd' }

/** A message that TWS gives a code. */
export interface WireMessage {
  readonly code: number
  readonly text: string
  /** What it is about, a request or an order, or null. */
  readonly id: number | null
  readonly details: string | null
}

/** What can come from the wire, in one union. */
export type WireEvent =
  | { readonly type: 'heard' }
  | { readonly type: 'version'; readonly version: number }
  | { readonly type: 'accounts'; readonly ids: readonly string[] }
  | { readonly type: 'nextOrderId'; readonly id: number }
  | { readonly type: 'time'; readonly epochS: number }
  | ({ readonly type: 'message' } & WireMessage)
  | { readonly type: 'books'; readonly message: BooksMessage }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'broken'; readonly reason: string }

/** Where TWS is. */
export interface Peer {
  readonly host: string
  readonly port: number
  /** What carries the bytes, when it is not a TCP socket. */
  readonly dial?: Dial
}

/**
 * A fresh IBApi object whose events all arrive at `onEvent`. What `onEvent` throws would escape through the library's
 * socket and end the process: it comes back as `broken` instead.
 */
export function openWire({ host, port, dial }: Peer, onEvent: (event: WireEvent) => void): IBApi {
  const api = new IBApi({ host, port, maxReqPerSec: MESSAGES_PER_SECOND })
  if (dial !== undefined) dialBy(api, dial)
  const emit = contained(onEvent)
  const on = <A extends unknown[]>(name: EventName, toEvent: (...args: A) => WireEvent): void => {
    api.on(name as never, ((...args: A) => emit(toEvent(...args))) as never)
  }
  guardFrames(
    api,
    () => emit({ type: 'heard' }),
    (reason) => emit({ type: 'broken', reason }),
  )
  onConnection(on)
  onAnswers(on)
  onBooks(on)
  return api
}

/** Subscribes to an event of the library and turns it into ours. */
export type On = <A extends unknown[]>(name: EventName, toEvent: (...args: A) => WireEvent) => void

function onConnection(on: On): void {
  on(EventName.server, (version: number) => ({ type: 'version', version }))
  on(EventName.managedAccounts, (list: string) => ({
    type: 'accounts',
    ids: list.split(',').filter((id) => id !== ''),
  }))
  on(EventName.nextValidId, (id: number) => ({ type: 'nextOrderId', id }))
  on(EventName.currentTime, (epochS: number) => ({ type: 'time', epochS }))
  on(EventName.disconnected, () => ({ type: 'broken', reason: 'TWS closed the connection' }))
  on(EventName.error, (error: Error, code: number, id: number, details?: unknown) => ({
    type: 'message',
    code,
    text: error.message.slice(0, LONGEST_TEXT),
    id: id > 0 ? id : null,
    details: unquoted(details),
  }))
  on(EventName.info, (text: string, code: number) => ({
    type: 'message',
    code,
    text: text.slice(0, LONGEST_TEXT),
    id: null,
    details: null,
  }))
}

function onAnswers(on: On): void {
  const answer = (id: number, message: Answer): WireEvent => ({ type: 'answer', id, answer: message })
  on(EventName.historicalData, (id: number, ...bar: WireBar) =>
    // The library marks the end by a bar whose time begins so.
    answer(id, bar[0].startsWith('finished') ? { type: 'barsEnd' } : { type: 'bar', bar }),
  )
  on(EventName.historicalDataUpdate, (id: number, ...bar: WireBar) => answer(id, { type: 'barUpdate', bar }))
  on(EventName.contractDetails, (id: number, details: ContractDetails) =>
    answer(id, { type: 'contract', details }),
  )
  on(EventName.contractDetailsEnd, (id: number) => answer(id, { type: 'contractEnd' }))
  on(
    EventName.historicalSchedule,
    (id: number, _start: string, _end: string, _zone: string, sessions: WireSession[]) =>
      answer(id, { type: 'schedule', sessions }),
  )
}

function contained(onEvent: (event: WireEvent) => void): (event: WireEvent) => void {
  return (event) => {
    try {
      onEvent(event)
    } catch (error) {
      onEvent({ type: 'broken', reason: `a message could not be handled: ${(error as Error).message}` })
    }
  }
}
