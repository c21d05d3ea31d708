import type { OpenAPIObject } from 'openapi3-ts/oas31'
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { documented } from '../openapi/requests.ts'
import { type BadRequest, badRequest, byInput } from './badRequests.ts'
import { AUTHORIZED, served } from './served.ts'

const COUNT = Number(process.env.BAD_REQUESTS ?? 20_000)
const SEED = Number(process.env.BAD_REQUESTS_SEED ?? 1)
const AT_ONCE = 8
const DEADLINE_MS = 15_000

const { app } = await served()
const all = byInput(documented((await (await app.request('/openapi.json')).json()) as OpenAPIObject))
const token = AUTHORIZED.authorization.slice('Bearer '.length)

/** Null for what a client of HTTP refuses to send. */
function requestOf({ method, url, headers, body }: BadRequest): Request | null {
  const hasBody = body !== undefined && !/^(GET|HEAD)$/i.test(method)
  try {
    return new Request(new URL(url, 'http://localhost'), { method, headers, ...(hasBody ? { body } : {}) })
  } catch {
    return null
  }
}

/** The status, once the whole answer has come; a stream that has no end is let go. */
async function answered(request: Request): Promise<{ status: number; text: string }> {
  const answer = await app.fetch(request)
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    return { status: answer.status, text: await answer.text() }
  }
  await answer.body?.cancel()
  return { status: answer.status, text: '' }
}

function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

interface Tally {
  readonly statuses: Map<number, number>
  readonly faults: string[]
  sent: number
  slowestMs: number
}

async function send(bad: BadRequest, tally: Tally): Promise<void> {
  const request = requestOf(bad)
  if (request === null) return
  tally.sent += 1
  const from = performance.now()
  const answer = await within(DEADLINE_MS, answered(request))
  tally.slowestMs = Math.max(tally.slowestMs, performance.now() - from)
  if (answer !== null) tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1)
  const fault = answer === null ? 'no answer' : faultOf(answer)
  if (fault !== null) tally.faults.push(`${fault}: ${JSON.stringify(bad).slice(0, 500)}`)
}

function faultOf({ status, text }: { status: number; text: string }): string | null {
  if (status >= 500) return `${status} ${text.slice(0, 200)}`
  if (status >= 400 && text !== '' && JSON.parse(text).status !== status)
    return `${status} without its problem`
  return null
}

const title = `${COUNT.toLocaleString('en')} bad requests, made from the document, are answered: none with a 5xx, none never`

test(title, { timeout: COUNT * 30 + 60_000 }, async () => {
  const random = seededRandom(SEED)
  const tally: Tally = { statuses: new Map(), faults: [], sent: 0, slowestMs: 0 }
  const line = async () => {
    while (tally.sent < COUNT && tally.faults.length < 20) await send(badRequest(all, random, token), tally)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, line))
  const statuses = Object.fromEntries([...tally.statuses].sort(([a], [b]) => a - b))
  console.log(`${tally.sent} sent, seed ${SEED}, slowest ${Math.round(tally.slowestMs)} ms`, statuses)
  expect(tally.faults).toEqual([])
  expect([...tally.statuses.keys()]).toEqual(
    expect.arrayContaining([200, 400, 401, 403, 404, 405, 409, 413, 415, 421, 422]),
  )
})
