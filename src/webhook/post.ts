import { type ClientRequest, type IncomingMessage, request as plain, type RequestOptions } from 'node:http'
import { request as secure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type Clock, SECOND_MS } from '../market/time.ts'

export interface Posted {
  readonly url: URL
  /** Those that were checked. */
  readonly addresses: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Reception {
  readonly response: number
  readonly retryAfter: string | undefined
  /** When the connection is done with: the answer has ended, or is as long as is read of one. Never rejects. */
  readonly done: Promise<void>
}

/** Sends one request and follows no redirect. Rejects with a short sentence when no answer comes. */
export type Post = (posted: Posted, signal: AbortSignal) => Promise<Reception>

const CONNECT_MS = 5 * SECOND_MS
const TOTAL_MS = 15 * SECOND_MS
const MOST_READ = 4_096
const MOST_HEADERS = 8_192

/** Over a socket of its own, which is closed in the end. The answer counts as soon as its status is there. */
export const httpPost =
  (machine: Clock): Post =>
  (posted, signal) =>
    new Promise((resolve, reject) => {
      const request = opened(posted, signal)
      const giveUp = (why: string) => () => void request.destroy(new Error(why))
      const isLate = machine.after(CONNECT_MS, giveUp('no connection within 5 s'))
      const isOver = machine.after(TOTAL_MS, giveUp('no answer within 15 s'))
      request.once('socket', (socket) => {
        socket.once(posted.url.protocol === 'https:' ? 'secureConnect' : 'connect', isLate)
      })
      request.once('response', (response) => resolve(receptionOf(response)))
      request.on('error', (error) => reject(new Error(sentenceOf(error))))
      request.once('close', () => {
        isLate()
        isOver()
        reject(new Error('the connection ended without an answer'))
      })
      request.end(posted.body)
    })

function opened({ url, addresses, headers, body }: Posted, signal: AbortSignal): ClientRequest {
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    method: 'POST',
    agent: false, // none that a variable of the environment has given a proxy
    lookup: pinned(addresses),
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    maxHeaderSize: MOST_HEADERS,
    rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
    signal,
  }
  return url.protocol === 'https:' ? secure(url, options) : plain(url, options)
}

/** Answers with the addresses that were checked: a name that means another one by now is not asked again. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_name, { all }, tell) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }))
    if (all) tell(null, found)
    else tell(null, found[0]!.address, found[0]!.family)
  }

function receptionOf(response: IncomingMessage): Reception {
  return {
    response: response.statusCode!,
    retryAfter: response.headers['retry-after'],
    done: new Promise((resolve) => {
      let read = 0
      response.on('data', (chunk: Buffer) => {
        read += chunk.length
        if (read > MOST_READ) response.destroy()
      })
      response.on('error', () => {})
      response.once('close', resolve)
    }),
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no connection in time',
  EPIPE: 'the connection was closed',
}

const MOST_CHARACTERS = 200

const sentenceOf = ({ code, message }: NodeJS.ErrnoException): string =>
  (SENTENCES[code ?? ''] ?? message).slice(0, MOST_CHARACTERS)
