import { pino } from 'pino'

/** A structured log: an object of fields first, then one sentence. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Log
}

const REDACTED = ['*.password', '*.token', '*.secret', 'password', 'token', 'secret', 'headers.authorization']

/** One JSON line an entry on standard output, secrets struck out. */
export const createLog = (level: string): Log => pino({ level, redact: REDACTED, base: null })
