import type { WebhookStore } from '../src/ports/webhooks.ts'
import type { Session } from './session.ts'
import { deliveryStore } from './webhookDeliveries.ts'
import { endpointStore } from './webhookEndpoints.ts'
import { lineStore } from './webhookLine.ts'

export const webhookStore = (session: Session): WebhookStore => ({
  ...endpointStore(session),
  ...deliveryStore(session),
  ...lineStore(session),
})
