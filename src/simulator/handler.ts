import type { Client } from './client.ts'
import type { FieldReader } from './fields.ts'
import type { Tws } from './tws.ts'

export interface Served {
  readonly client: Client
  readonly tws: Tws
}

/** Answers one message, whose id has been read. Throws `invalid` on fields that are none. */
export type Handler = (fields: FieldReader, served: Served) => Promise<void> | void
