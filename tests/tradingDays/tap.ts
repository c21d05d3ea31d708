import type { Dial } from '../../src/gateway/duplex.ts'

/** An order as it goes over the wire. */
export interface OrderFrame {
  readonly orderId: number
  readonly orderRef: string
  readonly side: 'BUY' | 'SELL'
  readonly quantity: number
  readonly type: string
  readonly account: string
  readonly ocaGroup: string
  readonly isTransmitted: boolean
}

export const PLACE_ORDER = '3'
/** Where the fields of `placeOrder` lie (TWS protocol, versions 176 to 193). */
const AT = {
  orderId: 1,
  side: 16,
  quantity: 17,
  type: 18,
  ocaGroup: 22,
  account: 23,
  orderRef: 26,
  transmit: 27,
}

/** Tells every order that leaves through a line, in the turn in which it is written. */
export const tapped =
  (dial: Dial, onOrder: (frame: OrderFrame) => void): Dial =>
  () => {
    const line = dial()
    const write = line.write.bind(line)
    line.write = (data) => {
      for (const fields of framesIn(Buffer.from(data)))
        if (fields[0] === PLACE_ORDER) onOrder(orderOf(fields))
      write(data)
    }
    return line
  }

export function orderOf(fields: readonly string[]): OrderFrame {
  const at = (name: keyof typeof AT) => fields[AT[name]] ?? ''
  return {
    orderId: Number(at('orderId')),
    orderRef: at('orderRef'),
    side: at('side') === 'BUY' ? 'BUY' : 'SELL',
    quantity: Number(at('quantity')),
    type: at('type'),
    account: at('account'),
    ocaGroup: at('ocaGroup'),
    isTransmitted: at('transmit') === '1',
  }
}

/** The library writes whole frames. */
export function framesIn(bytes: Buffer): string[][] {
  const frames: string[][] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (length === 0 || at + 4 + length > bytes.length) break
    frames.push(bytes.toString('utf8', at + 4, at + 4 + length).split('\0'))
    at += 4 + length
  }
  return frames
}
