import { createHash } from 'node:crypto'
import type { Operation } from '../openapi/operation.ts'
import { messageOf } from '../src/errors.ts'
import type { AuditEntry, AuditFields } from '../src/ports/audit.ts'
import type { Stores } from '../src/ports/stores.ts'
import { scopeOf } from './access.ts'
import type { AppDeps } from './deps.ts'
import type { AppContext } from './env.ts'
import { problemOf } from './problem.ts'

/** A request that changes something, as the audit log tells of it. */
export interface Command {
  readonly operation: Operation
  readonly told: Pick<AuditFields, 'actor' | 'scope' | 'address' | 'operation' | 'method' | 'path'>
  /** Asked for at the end: an upload is hashed as it passes. */
  readonly bodyHash: () => string | null
}

type Deps = Pick<AppDeps, 'stores' | 'machine' | 'log'>

/** The peer's; null where there is no socket. */
export const addressOf = (c: AppContext): string | null => c.env?.incoming?.socket.remoteAddress ?? null

/** The most of a path that is kept. */
const MOST_CHARACTERS = 1_000

export function toldOf(c: AppContext): Command['told'] {
  const { pathname, search } = new URL(c.req.url)
  const [actor, operation] = [c.get('actor') ?? null, c.get('operation') ?? null]
  return {
    actor: actor?.id ?? null,
    scope: actor === null || operation === null ? null : scopeOf(operation.access),
    address: addressOf(c),
    operation: operation?.operationId ?? null,
    method: c.req.method,
    path: `${pathname}${search}`.slice(0, MOST_CHARACTERS),
  }
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Carries a command out between two entries of the log: nothing is done of which the log knows nothing. */
export async function audited<T extends { readonly status: number }>(
  deps: Deps,
  command: Command,
  work: () => Promise<T>,
): Promise<T> {
  const asked = await tellAsked(deps, deps.stores, command)
  try {
    const outcome = await work()
    await afterwards(deps, () => tellAnswered(deps, deps.stores, command, asked, outcome.status))
    return outcome
  } catch (error) {
    const { status } = problemOf(error)
    await afterwards(deps, () => tellAnswered(deps, deps.stores, command, asked, status))
    throw error
  }
}

/** What is done is done: that the log cannot tell its end is no reason to answer that it failed. */
export async function afterwards(deps: Deps, tell: () => Promise<unknown>): Promise<void> {
  await tell().catch((error: unknown) =>
    deps.log.error({ error: messageOf(error) }, 'the end of a command is missing in the audit log'),
  )
}

export const tellAsked = async (deps: Deps, stores: Stores, command: Command): Promise<AuditEntry> =>
  stores.audit.append({
    ...command.told,
    at: deps.machine.now(),
    kind: 'asked',
    bodyHash: command.operation.upload === null ? command.bodyHash() : null,
    status: null,
    asked: null,
    before: await levelOf(stores, command),
    after: null,
  })

export const tellAnswered = async (
  deps: Deps,
  stores: Stores,
  command: Command,
  { sequence, before }: AuditEntry,
  status: number,
): Promise<AuditEntry> =>
  stores.audit.append({
    ...command.told,
    at: deps.machine.now(),
    kind: 'answered',
    bodyHash: command.bodyHash(),
    status,
    asked: sequence,
    before,
    after: await levelOf(stores, command),
  })

export const tellRefused = (deps: Deps, told: Command['told'], status: number): Promise<AuditEntry> =>
  deps.stores.audit.append({
    ...{ ...told, at: deps.machine.now(), kind: 'refused', bodyHash: null, status },
    ...{ asked: null, before: null, after: null },
  })

/** For commands to the trader its level; null for the others, and before its first start. */
async function levelOf({ traders }: Stores, { operation }: Command): Promise<string | null> {
  if (operation.tag !== 'Trading') return null
  return (await traders.find())?.level ?? null
}
