import { DEFAULT_LIMIT } from '../openapi/page.ts'
import { type EpochMs, epochMs } from '../src/market/time.ts'
import { HttpProblem } from './problem.ts'

export interface PageQuery {
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

export interface Page<T> {
  readonly items: T[]
  readonly nextCursor: string | null
}

export const limitOf = ({ limit }: PageQuery): number => limit ?? DEFAULT_LIMIT

/** A page out of `found`, which holds one item more than the page when there is another page. */
export function pageOf<T>(
  list: string,
  found: readonly T[],
  query: PageQuery,
  keyOf: (item: T) => string,
): Page<T> {
  const items = found.slice(0, limitOf(query))
  const last = items.at(-1)
  const more = last !== undefined && found.length > items.length
  return { items, nextCursor: more ? cursorOf(list, keyOf(last)) : null }
}

/** A page of a list that is short enough to be at hand whole. */
export function pageOfAll<T>(
  list: string,
  all: readonly T[],
  query: PageQuery,
  keyOf: (item: T) => string,
): Page<T> {
  const after = keyAfter(list, query)
  const start = after === null ? 0 : all.findIndex((item) => keyOf(item) === after) + 1
  if (after !== null && start === 0) throw unreadable()
  return pageOf(list, all.slice(start), query, keyOf)
}

/** The key of the last item of the page before, or null on the first page. An unreadable cursor is 400. */
export function keyAfter(list: string, { cursor }: PageQuery): string | null {
  if (cursor === undefined) return null
  const text = Buffer.from(cursor, 'base64url').toString()
  const isOurs = text.startsWith(`${list}:`) && cursorOf(list, text.slice(list.length + 1)) === cursor
  if (!isOurs) throw unreadable()
  return text.slice(list.length + 1)
}

/** The same where items are keyed by time. */
export function timeAfter(list: string, query: PageQuery): EpochMs | null {
  const key = keyAfter(list, query)
  if (key === null) return null
  if (!/^\d{1,13}$/.test(key)) throw unreadable()
  return epochMs(Number(key))
}

/** The index after the page before, in a list that never changes; 0 on the first page. */
export function indexAfter(list: string, query: PageQuery): number {
  const key = keyAfter(list, query) ?? '0'
  if (!/^\d{1,9}$/.test(key)) throw unreadable()
  return Number(key)
}

/** A page of such a list, out of `found`, which begins at `first` and holds one item more where there are more. */
export function pageFrom<T>(list: string, found: readonly T[], query: PageQuery, first: number): Page<T> {
  const items = found.slice(0, limitOf(query))
  const isLast = found.length <= items.length
  return { items, nextCursor: isLast ? null : cursorOf(list, String(first + items.length)) }
}

const cursorOf = (list: string, key: string): string => Buffer.from(`${list}:${key}`).toString('base64url')

const unreadable = () =>
  new HttpProblem(400, 'The cursor cannot be read; use nextCursor of the page before.', {
    errors: [{ path: 'cursor', message: 'cannot be read' }],
  })
