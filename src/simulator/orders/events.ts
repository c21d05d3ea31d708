import type { Order } from './order.ts'

/** What an error message about an order says. */
export interface Notice {
  readonly code: number
  readonly text: string
  /** What goes into the field of advanced rejections: empty for nothing. */
  readonly json?: string
}

/** `order` all about an order · `status` its state alone · `notice` an error or a warning. Told as it happens. */
export type OrderEvent =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'status'; readonly order: Order }
  | { readonly kind: 'notice'; readonly order: Order; readonly notice: Notice }

export type OrderListener = (event: OrderEvent) => void

export const CANCELLED = (reason: string): Notice => ({
  code: 202,
  text: `Order Canceled - reason:${reason}`,
})
