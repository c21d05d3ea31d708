import type { Client } from './client.ts'
import { COMPETING } from './competing.ts'
import type { FieldReader } from './fields.ts'
import type { Handler } from './handler.ts'
import { hmdsError } from './history/plan.ts'

/** Reads the id that an error about a message carries, from the fields after the message's own id. */
export type IdReader = (fields: FieldReader, client: Client) => number

/** The id stands after so many other fields. */
export const idAfter =
  (count: number): IdReader =>
  (fields) =>
    fields.skip(count).integer()

/** TWS puts this where a message about orders has no id. */
const NO_ORDER_ID = 2_147_483_647

export const noOrderId: IdReader = () => NO_ORDER_ID

/** Refuses what it guards for as long as a switch is on. */
type Gate = (idOf: IdReader, handler: Handler) => Handler

const unless =
  (name: 'readOnly' | 'competingSession', refusal: Parameters<Client['refuse']>[1]): Gate =>
  (idOf, handler) =>
  (fields, served) =>
    served.tws.switches[name]
      ? served.client.refuse(idOf(fields, served.client), refusal)
      : handler(fields, served)

/** What a read-only TWS does not do. */
export const unlessReadOnly = unless('readOnly', {
  code: 321,
  text: "Error validating request.-'bN' : cause - The API interface is currently in Read-Only mode.",
})

/** Live data, which TWS does not have while the user is logged in elsewhere. */
export const unlessCompeting = unless('competingSession', COMPETING)

/** Historical data, which the service has only for the session that came last. */
export const unlessElsewhere = unless(
  'competingSession',
  hmdsError('Trading TWS session is connected from a different IP address'),
)
