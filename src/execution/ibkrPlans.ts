/**
 * IBKR's two plans for US stocks and ETFs, smart-routed (interactivebrokers.com, Commissions Stocks, as read between
 * 2017 and 2026), in dollars. Today's plan is charged on the whole history: it says what a trade would cost us, while
 * the regulators' fees follow their dates. Until about 2016 IBKR's cap was 0.5 % of the value.
 */
const MOST_OF_VALUE = 0.01

const FIXED = { perShare: 0.005, least: 1 } as const

/** A tier holds up to so many shares of a calendar month, and is charged on the shares that lie in it. */
const TIERS = [
  { upTo: 300_000, perShare: 0.0035 },
  { upTo: 3_000_000, perShare: 0.002 },
  { upTo: 20_000_000, perShare: 0.0015 },
  { upTo: 100_000_000, perShare: 0.001 },
  { upTo: Number.POSITIVE_INFINITY, perShare: 0.0005 },
] as const

const TIERED_LEAST = 0.35

/** NSCC and DTC, per share, both sides. */
const CLEARING_PER_SHARE = 0.0002

/**
 * What an exchange takes for removing liquidity, per share, both sides: the most that Regulation NMS allows (17 CFR
 * 242.610(c)) and what most exchanges charge for SPY. Market orders remove it; no rebate is assumed.
 */
const EXCHANGE_PER_SHARE = 0.003

/** Passed on as parts of the commission: NYSE and FINRA. */
const PASSED_ON_OF_COMMISSION = 0.000_175 + 0.000_56

/** Fixed: 0.005 a share. Exchange and clearing are included. */
export const fixedCommission = (quantity: number, value: number): number =>
  bounded(quantity * FIXED.perShare, FIXED.least, value)

/** Tiered: the marginal rates after `before` shares in the same month, with what third parties take. */
export function tieredCommission(quantity: number, value: number, before: number): number {
  const commission = bounded(marginal(before + quantity) - marginal(before), TIERED_LEAST, value)
  return commission * (1 + PASSED_ON_OF_COMMISSION) + quantity * (CLEARING_PER_SHARE + EXCHANGE_PER_SHARE)
}

/** At least the minimum, at most the cap: where the cap lies below the minimum, the cap is charged. */
const bounded = (commission: number, least: number, value: number): number =>
  Math.min(Math.max(commission, least), value * MOST_OF_VALUE)

/** The commission on a month's first `shares`, without minimum and cap. */
function marginal(shares: number): number {
  let [sum, from] = [0, 0]
  for (const { upTo, perShare } of TIERS) {
    if (shares <= from) break
    sum += (Math.min(shares, upTo) - from) * perShare
    from = upTo
  }
  return sum
}
