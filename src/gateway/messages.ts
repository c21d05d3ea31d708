import { AppError, type ErrorKind } from '../errors.ts'
import type { BooksMessage, OrderMessage } from './booksMessages.ts'
import { actionOf, COMPETING, type CodeAction, historicalFailure } from './errorCodes.ts'
import { isOrderId, isRequestId, type RequestBook } from './requests.ts'
import type { Answer, WireMessage } from './wire.ts'

/** Messages that the library could not read, between two pings. */
const UNREAD_MAX = 10
/** The library's words for a message that ended too early. */
const LOST_ORDER =
  /^Underrun error on (OPEN_ORDER|ORDER_STATUS|EXECUTION_DATA|COMMISSION_REPORT|POSITION|COMPLETED_ORDER)\b/

interface MessagesDeps {
  readonly book: RequestBook<Answer>
  readonly inquiries: RequestBook<BooksMessage>
  readonly onNotice: (action: CodeAction, code: number, text: string) => void
  readonly onOrderMessage: (message: OrderMessage) => void
  readonly close: (reason: string) => void
}

/** The messages of one connection that carry a code: each goes to what it is about. */
export class Messages {
  readonly #deps: MessagesDeps
  #unread = 0

  constructor(deps: MessagesDeps) {
    this.#deps = deps
  }

  /** A new count of what cannot be read begins. */
  forgive(): void {
    this.#unread = 0
  }

  take({ code, text, id, details }: WireMessage): void {
    const { inquiries, onNotice, onOrderMessage, close } = this.#deps
    const action = actionOf(code, id !== null && isRequestId(id), text)
    if (id !== null && isOrderId(id)) onOrderMessage({ orderId: id, code, text, details })
    else if (id !== null && this.#failRequest(action, code, text, id)) return
    onNotice(action, code, text)
    if (action.does === 'flag' && action.flag === 'readOnly')
      inquiries.failAll(refusal('refused', code, text))
    if (action.does === 'reconnect') close(`${text} (${code})`)
    if (action.does === 'countUnread') this.#countUnread(text)
  }

  /** What is told of an order and cannot be read is lost: a new connection tells it again. */
  #countUnread(text: string): void {
    if (LOST_ORDER.test(text)) this.#deps.close('a message about orders could not be read')
    if (++this.#unread > UNREAD_MAX) this.#deps.close('TWS sends garbage')
  }

  /** True when the message ended a request or belonged to one. */
  #failRequest(action: CodeAction, code: number, text: string, id: number): boolean {
    const { book, onNotice } = this.#deps
    if (action.does === 'failRequest') return book.fail(id, refusal(action.kind, code, text))
    if (action.does === 'flag' && action.kind !== null) {
      book.fail(id, refusal(action.kind, code, text))
      return false
    }
    if (action.does !== 'historicalFailure') return false
    const failure = historicalFailure(text)
    if (failure === 'competing') onNotice(COMPETING, code, text)
    return book.deliver(id, { type: 'historicalFailure', failure, text })
  }
}

const refusal = (kind: ErrorKind, code: number, text: string): AppError =>
  new AppError(kind, `TWS refused (${code}): ${text}`)
