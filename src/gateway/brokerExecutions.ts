import type { CommissionReport, Contract, Execution } from '@stoqey/ib'
import type { EpochMs } from '../market/time.ts'
import type { BrokerCommission, BrokerExecution, BrokerPosition } from '../ports/broker.ts'
import type { WirePosition } from './booksMessages.ts'
import { contractName, sideOf } from './brokerOrders.ts'
import { idOf, mustBeTold, told } from './told.ts'
import { wireInstant } from './wireInstant.ts'

/** `now` stands in for a time that cannot be read: an execution counts whenever it was. */
export const brokerExecution = (contract: Contract, execution: Execution, now: EpochMs): BrokerExecution => ({
  ...revisionOf(execution.execId),
  account: execution.acctNumber ?? '',
  symbol: contractName(contract),
  orderId: idOf(execution.orderId),
  clientId: idOf(execution.clientId),
  permId: idOf(execution.permId),
  orderRef: execution.orderRef ?? '',
  side: sideOf(execution.side),
  quantity: mustBeTold(execution.shares, 'the quantity of an execution'),
  price: mustBeTold(execution.price, 'the price of an execution'),
  time: wireInstant(execution.time ?? '') ?? now,
})

export const brokerCommission = (report: CommissionReport): BrokerCommission => ({
  ...revisionOf(report.execId),
  commission: told(report.commission),
  realizedPnl: told(report.realizedPNL),
})

export const brokerPosition = ({
  account,
  contract,
  quantity,
  averageCost,
}: WirePosition): BrokerPosition => ({
  account,
  symbol: contractName(contract),
  quantity: mustBeTold(quantity, 'the quantity of a position'),
  averageCost: told(averageCost) ?? 0,
})

/** IB: a correction repeats the execution id but for what follows its last point. */
function revisionOf(id: string | undefined): { root: string; revision: number } {
  if (id === undefined || id === '') throw new Error('TWS left out the id of an execution')
  const [, root, revision] = /^(.+)\.(\d+)$/.exec(id) ?? []
  return root === undefined ? { root: id, revision: 0 } : { root, revision: Number(revision) }
}
