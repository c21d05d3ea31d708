import { createHash, timingSafeEqual } from 'node:crypto'
import type { HonoRequest } from 'hono'
import type { Access } from '../openapi/operation.ts'
import { HttpProblem } from './problem.ts'

export interface AccessRules {
  readonly token: string
  /** Whether the service listens on loopback: then reading needs no token. The peer's address never counts. */
  readonly openReads: boolean
  /** What `Host` may be. An entry without a port also stands for the port that is listened on. */
  readonly hosts: readonly string[]
}

/** Whether an address to listen on can be reached from this machine alone. */
export const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(host)

/** The hosts of a service that listens on `host`: the machine's own names, the address itself, and `extra`. */
export const hostsOf = (host: string, extra: readonly string[]): string[] => {
  const own = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return [...new Set(['localhost', '127.0.0.1', '[::1]', own, ...extra])].map((name) => name.toLowerCase())
}

/** Refuses a request for another host (DNS rebinding) and a change that a foreign page asks for (CSRF). */
export function checkOrigin(request: HonoRequest, { hosts }: AccessRules, port: number | null): void {
  const host = hostOf(request)
  if (!hosts.some((name) => host === name || host === `${name}:${port}`)) {
    throw new HttpProblem(421, 'This Host is not served here; ALLOWED_HOSTS names further ones.')
  }
  if (!isSafe(request.method) && isForeign(request, host)) {
    throw new HttpProblem(403, 'A page of another origin may not change anything here.')
  }
}

/** Refuses a request that lacks the token which `access` asks for. */
export function checkToken(request: HonoRequest, rules: AccessRules, access: Access): void {
  if (access === 'open' || (access === 'read' && rules.openReads)) return
  const given = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1]
  if (given !== undefined && isEqual(given, rules.token)) return
  const challenge = given === undefined ? 'Bearer' : 'Bearer error="invalid_token"'
  const detail =
    given === undefined ? 'Send Authorization: Bearer with the token.' : 'The token is not the right one.'
  throw new HttpProblem(401, detail, { headers: { 'WWW-Authenticate': challenge } })
}

/** What a request to a path or method that no operation has would need. */
export const accessOf = (method: string): Access => (isSafe(method) ? 'read' : 'write')

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

/** The target of an absolute request line stands in the URL, and both must be ours: an absolute one loses nothing. */
function hostOf(request: HonoRequest): string {
  const target = new URL(request.url).host
  const header = request.header('host')?.toLowerCase() ?? target
  return target === header || `${target}:80` === header ? header : ''
}

function isForeign(request: HonoRequest, host: string): boolean {
  const site = request.header('sec-fetch-site')
  const origin = request.header('origin')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares digests, so that neither length nor content shows in the time it takes. */
const isEqual = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token))
