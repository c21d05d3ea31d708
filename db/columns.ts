import { bigint, customType } from 'drizzle-orm/pg-core'
import { type EpochMs, epochMs, isoInstant } from '../src/market/time.ts'

/** An instant as the domain knows it, stored as timestamptz. */
export const instant = customType<{ data: EpochMs; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  toDriver: isoInstant,
  fromDriver: (text) => epochMs(Date.parse(text)),
})

/** Spans of time as PostgreSQL keeps them: sorted, merged, half-open. Only SQL looks inside. */
export const spans = customType<{ data: string }>({ dataType: () => 'tstzmultirange' })

/** Bytes. */
export const blob = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** A number that the database gives, in the order of inserting. */
export const identity = () => bigint({ mode: 'number' }).generatedAlwaysAsIdentity()
