import { isoInstant } from '../src/market/time.ts'
import type { PageBefore } from '../src/ports/page.ts'
import type { Trading } from '../src/ports/trading.ts'
import { indexAfter, limitOf, type Page, type PageQuery, pageOf } from './page.ts'

/** A page of what we hold or did, with when that was so. */
export function heldPage<T>(trading: Trading, { items, nextCursor }: Page<T>) {
  const { asOf, isReconciled } = trading.standing()
  return { asOf: isoInstant(asOf), reconciled: isReconciled, items, nextCursor }
}

/** One page of a list that grows at its beginning: `read` tells the newest before an ordinal. */
export async function newestFirst<T extends { readonly ordinal: number }>(
  list: string,
  query: PageQuery,
  read: (page: PageBefore) => Promise<T[]>,
): Promise<Page<T>> {
  const before = query.cursor === undefined ? {} : { before: indexAfter(list, query) }
  const found = await read({ limit: limitOf(query) + 1, ...before })
  return pageOf(list, found, query, ({ ordinal }) => String(ordinal))
}
