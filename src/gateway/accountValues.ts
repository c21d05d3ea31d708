import type { AccountValues } from '../ports/broker.ts'
import { told } from './told.ts'

/** `$LEDGER` stands for the tags of the books in the base currency: realised and unrealised profit are only there. */
export const SUMMARY_TAGS = 'NetLiquidation,AvailableFunds,BuyingPower,TotalCashValue,$LEDGER'

/** The account's values out of the lines of its summary, by their tags. */
export function accountValues(
  account: string,
  lines: ReadonlyMap<string, { readonly value: string; readonly currency: string }>,
): AccountValues {
  const number = (tag: string): number | null => {
    const text = lines.get(tag)?.value ?? ''
    return text === '' ? null : told(Number(text))
  }
  return {
    account,
    currency: lines.get('NetLiquidation')?.currency || 'USD',
    netLiquidation: number('NetLiquidation'),
    availableFunds: number('AvailableFunds'),
    buyingPower: number('BuyingPower'),
    cash: number('TotalCashValue'),
    realizedPnl: number('RealizedPnL'),
    unrealizedPnl: number('UnrealizedPnL'),
  }
}
