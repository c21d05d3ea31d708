/** About a month: below it, deviations and what is divided by them are chance. */
const LEAST_SESSIONS = 20

/** A quarter of a year: a shorter return, compounded to a year, is an exaggeration. */
const LEAST_SESSIONS_TO_COMPOUND = 63

/** Why returns of sessions cannot tell of deviations, or null where they can. */
export const tooFewToSay = (returns: Float64Array): string | null => shortage(returns, LEAST_SESSIONS)

/** Why returns of sessions cannot be compounded to a year, or null where they can. */
export const tooShortToCompound = (returns: Float64Array): string | null =>
  shortage(returns, LEAST_SESSIONS_TO_COMPOUND)

/** Why nothing can be divided by the deviation of these, or null where it can. */
export const doesNotVary = (returns: Float64Array): string | null =>
  returns.some((value) => value !== returns[0]) ? null : 'the returns of all sessions are the same'

function shortage(returns: Float64Array, least: number): string | null {
  if (returns.length < least) return `needs ${least} sessions, and there are ${returns.length}`
  // After a loss of everything the next return is a division by zero or by debts.
  return returns.every((value) => value > -1 && value < Number.POSITIVE_INFINITY)
    ? null
    : 'the account lost everything'
}
