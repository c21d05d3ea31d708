import type { Execution } from '../account.ts'
import type { ToldExecution } from '../messages/orders.ts'
import { zonedTime } from '../wireTime.ts'
import type { Book } from './book.ts'

/** An execution as it is told: with what its order has traded up to it. */
export function toldExecution(requestId: number, book: Book, execution: Execution): ToldExecution {
  const filled = book.executionsUpTo(execution)
  const quantity = filled.reduce((sum, each) => sum + each.quantity, 0)
  const value = filled.reduce((sum, each) => sum + each.quantity * each.price, 0)
  return {
    requestId,
    account: book.id,
    execution,
    time: zonedTime(execution.time),
    filled: quantity,
    averagePrice: Math.round((value / quantity) * 1e8) / 1e8,
  }
}
