import type { Handler } from '../handler.ts'
import type { StreamKind } from '../subscriptions.ts'

/** Ends a stream by its request id. TWS says nothing to a cancel, not even to one of what does not run. */
export const cancelStream =
  (kind: StreamKind, fieldsBeforeId: number): Handler =>
  (fields, { client }) =>
    void client.subscriptions.stop(kind, fields.skip(fieldsBeforeId).integer())
