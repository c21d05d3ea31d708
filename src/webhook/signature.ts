import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'
export const SECRET_BYTES = 32

/** The text of a secret, as its owner is shown it and as the libraries of Standard Webhooks read it. */
export const secretText = (secret: Uint8Array): string => `${PREFIX}${Buffer.from(secret).toString('base64')}`

export interface Signed {
  readonly id: string
  /** Seconds since 1970 of the attempt, in real time. */
  readonly timestamp: number
  readonly body: string
}

/** The headers of Standard Webhooks 1.0, with a signature under each secret. */
export const signatureHeaders = ({ id, timestamp, body }: Signed, secrets: readonly Uint8Array[]) => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': secrets
    .map(
      (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
    )
    .join(' '),
})
