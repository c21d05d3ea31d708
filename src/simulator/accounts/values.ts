import { type Holding, sum } from './portfolio.ts'

/** One line of what TWS reports of an account. */
export interface AccountValue {
  readonly key: string
  readonly value: string
  /** Empty for values that are no money. */
  readonly currency: string
}

/** Reg T asks 25 % of a stock's value to hold it. */
const MARGIN_RATIO = 0.25
/** IB lends a margin account four times its excess liquidity within the day. */
const DAY_TRADING_MARGIN = 4

/** What an account is worth, and what of it is bound. In US dollars. */
export function amountsOf(cash: number, holdings: readonly Pick<Holding, 'value'>[]) {
  const stocks = sum(holdings, ({ value }) => value)
  const gross = sum(holdings, ({ value }) => Math.abs(value))
  return { stocks, gross, net: cash + stocks, margin: gross * MARGIN_RATIO }
}

/** The values that TWS reports of an account. */
export function accountValues(cash: number, holdings: readonly Holding[]): AccountValue[] {
  const { stocks, gross, net, margin } = amountsOf(cash, holdings)
  const excess = net - margin
  return [
    plain('AccountType', 'INDIVIDUAL'),
    plain('Cushion', String(net > 0 ? Math.round((1e6 * excess) / net) / 1e6 : 0)),
    plain('DayTradesRemaining', '-1'),
    plain('LookAheadNextChange', '0'),
    plain('Leverage-S', (net > 0 ? gross / net : 0).toFixed(2)),
    ...['AvailableFunds', 'ExcessLiquidity'].map((key) => dollars(key, excess)),
    ...['EquityWithLoanValue', 'NetLiquidation'].map((key) => dollars(key, net)),
    ...['CashBalance', 'SettledCash', 'TotalCashValue'].map((key) => dollars(key, cash)),
    dollars('BuyingPower', excess * DAY_TRADING_MARGIN),
    dollars('AccruedCash', 0),
    dollars('GrossPositionValue', gross),
    ...['InitMarginReq', 'MaintMarginReq'].map((key) => dollars(key, margin)),
    dollars(
      'RealizedPnL',
      sum(holdings, ({ realizedPnl }) => realizedPnl),
    ),
    dollars(
      'UnrealizedPnL',
      sum(holdings, ({ unrealizedPnl }) => unrealizedPnl),
    ),
    dollars('StockMarketValue', stocks),
  ]
}

/** The lines of the tag `$LEDGER`: one currency's part of the books. `BASE` is all of them in the base currency. */
export function ledgerValues(cash: number, holdings: readonly Holding[], currency: string): AccountValue[] {
  const stocks = sum(holdings, ({ value }) => value)
  const amounts = {
    CashBalance: cash,
    TotalCashBalance: cash,
    AccruedCash: 0,
    StockMarketValue: stocks,
    NetLiquidationByCurrency: cash + stocks,
    UnrealizedPnL: sum(holdings, ({ unrealizedPnl }) => unrealizedPnl),
    RealizedPnL: sum(holdings, ({ realizedPnl }) => realizedPnl),
    NetDividend: 0,
  }
  return [
    { key: 'Currency', value: currency, currency },
    ...Object.entries(amounts).map(([key, amount]) => ({ key, value: amount.toFixed(2), currency })),
    { key: 'ExchangeRate', value: '1.00', currency },
    { key: 'RealCurrency', value: currency, currency },
  ]
}

const plain = (key: string, value: string): AccountValue => ({ key, value, currency: '' })

const dollars = (key: string, amount: number): AccountValue => ({
  key,
  value: amount.toFixed(2),
  currency: 'USD',
})
