/** Paper accounts begin with D, of whatever kind they are (IB: DU, DF, DUD). */
export const accountType = (id: string): 'paper' | 'live' => (id.startsWith('D') ? 'paper' : 'live')

/**
 * Why the accounts of a new connection are not those that this process began with, or null. A TWS that was restarted
 * with another login must not be taken for the old one: paper may have become live.
 */
export function strangeAccounts(known: readonly string[] | null, now: readonly string[]): string | null {
  const before = known?.[0]
  const after = now[0]
  if (before === undefined || after === undefined) return null
  if (now.includes(before) && accountType(before) === accountType(after)) return null
  return `TWS was logged in to ${accountType(before)} account ${before} and is now to ${accountType(after)} account ${after}: restart the service if that is meant`
}
