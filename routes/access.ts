import type { HonoRequest } from 'hono'
import type { Access } from '../openapi/operation.ts'
import type { Presented, Tokens } from '../src/access/tokens.ts'
import type { Scope, Token } from '../src/ports/tokens.ts'
import { HttpProblem } from './problem.ts'

export interface AccessRules {
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

const SCOPES = { open: null, read: 'read', write: 'trade', admin: 'admin' } as const

/** The scope that a token must have; null where none is asked for. */
export const scopeOf = (access: Access): Scope | null => SCOPES[access]

/** What was sent as `Authorization: Bearer`. */
export const bearerOf = (request: HonoRequest): string | null =>
  /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1] ?? null

/** The token of a request. Refuses one that has none, or a wrong one. `mayLookUp`: see `Tokens.present`. */
export async function identify(request: HonoRequest, tokens: Tokens, mayLookUp: boolean): Promise<Token> {
  const secret = bearerOf(request)
  if (secret === null) throw unauthorized('Bearer', 'Send Authorization: Bearer with a token.')
  const presented = await tokens.present(secret, mayLookUp)
  if (presented.kind === 'token') return presented.token
  throw unauthorized(WRONG_TOKEN, REFUSED[presented.kind])
}

/** Refuses a token without the scope that `access` asks for. */
export function checkScope({ scopes }: Token, access: Access): void {
  const scope = scopeOf(access)
  if (scope === null || scopes.includes(scope)) return
  throw new HttpProblem(403, `The token lacks the scope "${scope}".`, {
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  })
}

const WRONG_TOKEN = 'Bearer error="invalid_token"'

/** Whether what was thrown says that a token was shown, and a wrong one. */
export const isWrongToken = (error: unknown): boolean =>
  error instanceof HttpProblem && error.extras.headers?.['WWW-Authenticate'] === WRONG_TOKEN

const REFUSED: Record<Exclude<Presented['kind'], 'token'>, string> = {
  unknown: 'The token is not a right one.',
  expired: 'The token has expired.',
  revoked: 'The token has been revoked.',
}

const unauthorized = (challenge: string, detail: string): HttpProblem =>
  new HttpProblem(401, detail, { headers: { 'WWW-Authenticate': challenge } })

/** What a request to a path or method that no operation has would need. */
export const accessOf = (method: string): Access => (isSafe(method) ? 'read' : 'write')

export const isSafe = (method: string): boolean =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS'

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
