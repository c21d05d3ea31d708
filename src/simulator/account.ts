/** One line of an account's books. */
export interface AccountValue {
  readonly key: string
  readonly value: string
  /** Empty for values that are no money. */
  readonly currency: string
}

/** A paper account without positions, orders or executions. */
export interface Account {
  readonly id: string
  /** In US dollars. */
  readonly cash: number
}

/** Paper accounts begin with `D`: clients refuse to trade on anything else by default. */
export const PAPER_ACCOUNT: Account = { id: 'DU1234567', cash: 1_000_000 }

/** IB lends a margin account four times its excess liquidity within the day. */
const DAY_TRADING_MARGIN = 4

/** The values that TWS reports of an account. */
export function accountValues({ cash }: Account): AccountValue[] {
  const plain = (key: string, value: string): AccountValue => ({ key, value, currency: '' })
  const money = (key: string, amount: number): AccountValue => ({
    key,
    value: amount.toFixed(2),
    currency: 'USD',
  })
  return [
    plain('AccountType', 'INDIVIDUAL'),
    plain('Cushion', '1'),
    plain('DayTradesRemaining', '-1'),
    plain('LookAheadNextChange', '0'),
    plain('Leverage-S', '0.00'),
    ...['AvailableFunds', 'EquityWithLoanValue', 'ExcessLiquidity', 'NetLiquidation'].map((key) =>
      money(key, cash),
    ),
    ...['CashBalance', 'SettledCash', 'TotalCashValue'].map((key) => money(key, cash)),
    money('BuyingPower', cash * DAY_TRADING_MARGIN),
    ...['AccruedCash', 'GrossPositionValue', 'InitMarginReq', 'MaintMarginReq'].map((key) => money(key, 0)),
    ...['RealizedPnL', 'UnrealizedPnL', 'StockMarketValue'].map((key) => money(key, 0)),
  ]
}
