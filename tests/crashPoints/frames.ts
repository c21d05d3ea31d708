import { connect, type Socket } from 'node:net'
import type { Dial } from '../../src/gateway/duplex.ts'
import type { Reaper } from '../tradingDays/mortal.ts'
import { framesIn, orderOf, PLACE_ORDER } from '../tradingDays/tap.ts'
import { die } from './die.ts'

const CANCEL_ORDER = '4'

/** A TCP line to TWS that can be the end of the process before and after each frame of an order. */
export const mortalDial =
  (at: { readonly host: string; readonly port: number }, reaper: Reaper): Dial =>
  () => {
    const line = connect(at)
    const write = line.write.bind(line) as (data: Uint8Array) => boolean
    const nameOf = frameNames()
    const pass = (point: string, side: 'before' | 'after'): void => {
      if (!reaper(point, side)) return
      flush(line)
      die()
    }
    line.write = ((data: Uint8Array) => {
      const point = nameOf(Buffer.from(data))
      if (point !== null) pass(point, 'before')
      const hasRoom = write(data)
      if (point !== null) pass(point, 'after')
      return hasRoom
    }) as typeof line.write
    return line
  }

/** What leaves in one piece leaves as far as it was written: else a death after its first frame were one before it. */
function flush(line: Socket): void {
  while (line.writableCorked > 0) line.uncork()
}

/** Names the frames of orders, one after the other: a stop that follows its entry is another step than one by itself. */
function frameNames(): (written: Buffer) => string | null {
  let entry: number | null = null
  return (written) => {
    const [fields] = framesIn(written)
    if (fields?.[0] === CANCEL_ORDER) return 'cancel frame'
    if (fields?.[0] !== PLACE_ORDER) return null
    const { orderId, side, type } = orderOf(fields)
    const isChild = entry === orderId - 1
    entry = side === 'BUY' ? orderId : null
    if (side === 'BUY') return 'entry frame'
    if (type === 'MKT') return 'exit frame'
    return isChild ? 'child stop frame' : 'lone stop frame'
  }
}
