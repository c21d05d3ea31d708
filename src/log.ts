import { pino } from 'pino'
import pretty from 'pino-pretty'

/** A structured log: an object of fields first, then one sentence. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Log
}

const REDACTED = ['*.password', '*.token', '*.secret', 'password', 'token', 'secret', 'headers.authorization']

/** Entries on standard output, secrets struck out: one JSON line each, or a readable line when a person looks on. */
export function createLog(level: string): Log {
  const options = { level, redact: REDACTED, base: null }
  return process.stdout.isTTY ? pino(options, pretty({ singleLine: true, sync: true })) : pino(options)
}
