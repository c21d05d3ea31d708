import type { Message } from '../../src/simulator/fields.ts'
import { encoded } from './layouts/library.ts'
import { RawClient } from './rawClient.ts'
import type { Stage } from './stage.ts'

/** An order as @stoqey/ib's users write it. */
export type Wish = Readonly<Record<string, unknown>>

/** A message placing an order, as @stoqey/ib sends it: a transmitted one for 100 shares of SPY when nothing else is wished. */
export const orderRequest = (
  id: number,
  { symbol = 'SPY', secType = 'STK', ...wish }: Wish,
  version = 193,
): Message => {
  const contract = { symbol, secType, exchange: 'SMART', currency: 'USD' } as never
  const order = { action: 'BUY', totalQuantity: 100, orderType: 'MKT', transmit: true, ...wish } as never
  return encoded(version, (encoder) => encoder.placeOrder(id, contract, order))
}

/** A client that orders, and reads what is told of it in few words. */
export class Trader {
  readonly client: RawClient
  /** What was said to it when it came. */
  readonly greeting: readonly string[]
  readonly #stage: Stage
  readonly #version: number

  constructor(stage: Stage, id = 1, version = 193) {
    this.#stage = stage
    this.#version = version
    this.client = new RawClient(stage.tws)
    this.client.sendBytes(RawClient.greeting(`v100..${version}`))
    this.client.send(71, 2, id, '')
    this.greeting = this.told()
  }

  send(id: number, wish: Wish = {}): void {
    this.client.send(...orderRequest(id, wish, this.#version))
  }

  /** Places an order, and reads at once what comes of it. */
  place(id: number, wish: Wish = {}): string[] {
    this.send(id, wish)
    return this.told()
  }

  cancel(id: number): string[] {
    this.client.send(
      ...encoded(this.#version, (encoder) =>
        encoder.cancelOrder(id, {
          ...(this.#version < 192 ? {} : { extOperator: '', manualOrderIndicator: 2147483647 }),
        } as never),
      ),
    )
    return this.told()
  }

  async after(seconds: number): Promise<string[]> {
    await this.#stage.pass(seconds)
    return this.told()
  }

  /** What has come, a line for each message. */
  told(): string[] {
    return this.client.received().map(lineOf)
  }

  ask(...message: Message): string[] {
    this.client.send(...message)
    return this.told()
  }
}

/** What a message says, in few words: prices are left out, as the market makes them. */
function lineOf(fields: string[]): string {
  const [id] = fields
  switch (id) {
    case '3':
      return `status ${fields[1]} ${fields[2]} ${fields[3]}/${fields[4]}${fields[10] && ` ${fields[10]}`}`
    case '4':
      return `error ${fields[2]} ${fields[3]}`
    case '5':
      return `order ${fields[1]} ${stateIn(fields)}`
    case '11':
      return `fill ${fields[2]} ${fields[18]} ${fields[19]}`
    case '59':
      return `commission ${fields[3]}`
    case '61':
      return `position ${fields[4]} ${fields[14]}`
    case '53':
      return 'end of orders'
    default:
      return `message ${id}`
  }
}

/** The status stands after whatIf. */
const stateIn = (fields: readonly string[]): string =>
  fields.find((field) => STATES.includes(field)) ?? 'no status'

const STATES = [
  'PendingSubmit',
  'PreSubmitted',
  'Submitted',
  'PendingCancel',
  'Cancelled',
  'Filled',
  'Inactive',
]
