import { unavailable } from '../errors.ts'
import type { Clock } from '../market/time.ts'
import type {
  AccountValues,
  BrokerCommission,
  BrokerExecution,
  BrokerOrder,
  BrokerPosition,
  BrokerSnapshot,
} from '../ports/broker.ts'
import { accountValues, SUMMARY_TAGS } from './accountValues.ts'
import type { BooksMessage } from './booksMessages.ts'
import { brokerExecution, brokerPosition } from './brokerExecutions.ts'
import { brokerOrder, completedOrder } from './brokerOrders.ts'
import type { Connection } from './connection.ts'
import type { GatewaySession } from './sessions.ts'

const STEP_MS = 10_000
/** IB: a commission follows its execution within a second. */
const COMMISSIONS_MS = 1_500
const LOOK_EVERY_MS = 50

export interface SnapshotDeps {
  readonly market: Clock
  readonly machine: Clock
  readonly account: string
  /** What TWS has told of an execution's commission, by root and revision. */
  readonly commissionOf: (execution: BrokerExecution) => BrokerCommission | null
}

/**
 * The broker's books. Open orders come before executions and completed orders, so that what fills meanwhile stands in
 * one of them; the next order id last, so that an order which is absent and not beyond it has not arrived.
 */
export async function takeSnapshot(
  { number, connection }: GatewaySession,
  deps: SnapshotDeps,
): Promise<BrokerSnapshot> {
  // What was on its way before must not be taken for an answer.
  if (!(await connection.roundTrip(STEP_MS))) throw unavailable('TWS does not answer')
  const positions = await askPositions(connection)
  const openOrders = await askOpenOrders(connection)
  const executions = await askExecutions(connection, deps.market)
  const completedOrders = await askCompletedOrders(connection)
  const account = await askAccount(connection, deps.account)
  const commissions = await awaitCommissions(executions, deps, connection.ended)
  const nextOrderId = await askNextOrderId(connection)
  return {
    takenAt: deps.market.now(),
    session: number,
    nextOrderId,
    positions,
    openOrders,
    executions,
    commissions,
    completedOrders,
    account,
  }
}

/** The subscription before this one is ended, and this one stays: what changes is told from now on. */
function askPositions(connection: Connection): Promise<BrokerPosition[]> {
  const found = new Map<string, BrokerPosition>()
  return connection.inquire({
    deadlineMs: STEP_MS,
    send: (api) => api.cancelPositions().reqPositions(),
    receive: (message) => {
      if (message.type === 'positionsEnd') return [...found.values()]
      if (message.type !== 'position') return undefined
      const position = brokerPosition(message.position)
      found.set(`${position.account} ${position.symbol}`, position)
      return undefined
    },
  })
}

function askOpenOrders(connection: Connection): Promise<BrokerOrder[]> {
  const found = new Map<string, BrokerOrder>()
  return connection.inquire({
    deadlineMs: STEP_MS,
    send: (api) => api.reqAllOpenOrders(),
    receive: (message) => {
      if (message.type === 'openOrdersEnd') return [...found.values()]
      if (message.type !== 'openOrder') return undefined
      const order = brokerOrder(message.contract, message.order, message.state)
      found.set(`${order.permId} ${order.clientId} ${order.orderId}`, order)
      return undefined
    },
  })
}

function askCompletedOrders(connection: Connection): Promise<BrokerOrder[]> {
  const found: BrokerOrder[] = []
  return connection.inquire({
    deadlineMs: STEP_MS,
    send: (api) => api.reqCompletedOrders(false),
    receive: (message) => {
      if (message.type === 'completedOrdersEnd') return found
      if (message.type === 'completedOrder')
        found.push(completedOrder(message.contract, message.order, message.state))
      return undefined
    },
  })
}

const askNextOrderId = (connection: Connection): Promise<number> =>
  connection.inquire({
    deadlineMs: STEP_MS,
    send: (api) => api.reqIds(),
    receive: (message: BooksMessage) => (message.type === 'nextOrderId' ? message.id : undefined),
  })

function askExecutions(connection: Connection, market: Clock): Promise<BrokerExecution[]> {
  const found: BrokerExecution[] = []
  return connection.ask({
    deadlineMs: STEP_MS,
    send: (api, id) => api.reqExecutions(id, {}),
    receive: (answer) => {
      if (answer.type === 'executionsEnd') return found
      if (answer.type === 'execution')
        found.push(brokerExecution(answer.contract, answer.execution, market.now()))
      return undefined
    },
  })
}

async function askAccount(connection: Connection, account: string): Promise<AccountValues> {
  const told = new Map<string, { value: string; currency: string }>()
  let question = 0
  await connection.ask<true>({
    deadlineMs: STEP_MS,
    send: (api, id) => {
      question = id
      api.reqAccountSummary(id, 'All', SUMMARY_TAGS)
    },
    cancel: (api, id) => api.cancelAccountSummary(id),
    receive: (answer) => {
      if (answer.type === 'accountValue' && answer.account === account) told.set(answer.tag, answer)
      return answer.type === 'accountValuesEnd' ? true : undefined
    },
  })
  // TWS would go on telling it every three minutes, and allows two such subscriptions.
  connection.sendNow((api) => api.cancelAccountSummary(question))
  return accountValues(account, told)
}

/** Commissions come when they come; those that are late are told as reports. */
async function awaitCommissions(
  executions: readonly BrokerExecution[],
  { machine, commissionOf }: SnapshotDeps,
  ended: AbortSignal,
): Promise<BrokerCommission[]> {
  const until = machine.now() + COMMISSIONS_MS
  const isMissing = () => executions.some((execution) => commissionOf(execution) === null)
  while (isMissing() && machine.now() < until) await machine.sleep(LOOK_EVERY_MS, ended)
  return executions.flatMap((execution) => commissionOf(execution) ?? [])
}
