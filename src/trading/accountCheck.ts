import type { BrokerSession } from '../ports/broker.ts'
import type { AccountPolicy } from './traderDeps.ts'

/** Which account is traded in a session, or why none is (reliability, I9). */
export type AccountVerdict = { readonly account: string } | { readonly refusal: string }

/** IB: the ids of paper accounts begin with D. */
const isPaper = (id: string): boolean => id.startsWith('D')

/** Asked anew in every session. `known`: the account that this trader has traded. */
export function accountFor(
  policy: AccountPolicy,
  { accounts }: Pick<BrokerSession, 'accounts'>,
  known: string | null,
): AccountVerdict {
  const live = accounts.find((id) => !isPaper(id))
  if (policy.kind === 'paper') {
    if (live !== undefined)
      return { refusal: `${live} is a live account: TRADING allows paper accounts alone` }
  } else if (!accounts.includes(policy.account))
    return { refusal: `TWS is not logged in to ${policy.account}, which TRADING names` }
  const account = policy.kind === 'live' ? policy.account : (known ?? accounts[0])
  if (account === undefined) return { refusal: 'TWS names no account' }
  if (known !== null && known !== account)
    return { refusal: `this trader has traded ${known}, not ${account}` }
  return accounts.includes(account)
    ? { account }
    : { refusal: `TWS is logged in to ${accounts.join(', ')}, not to ${account}, which was traded` }
}
