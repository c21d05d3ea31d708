import { DrizzleQueryError } from 'drizzle-orm/errors'
import { AppError, conflict, invalid, refused, unavailable } from '../src/errors.ts'

type Make = (message: string, extras: { cause: unknown }) => AppError

/** SQLSTATE, or its class, or Node's error code → what the caller does next. The exact code is looked for first. */
const MEANINGS: Readonly<Record<string, readonly [Make, string]>> = {
  '08': [unavailable, 'the connection to the database broke'],
  '22003': [invalid, 'a number is larger than the database keeps'],
  '25006': [unavailable, 'the database is read-only'],
  '25P03': [unavailable, 'a transaction stood idle for too long and was ended'],
  '28': [refused, 'the database refuses the user or the password of DATABASE_URL'],
  '3D000': [refused, 'the database named in DATABASE_URL does not exist'],
  '40': [unavailable, 'the transaction met another one again and again'],
  '53100': [unavailable, 'the disk of the database is full'],
  '53': [unavailable, 'the database is out of connections or memory'],
  '55P03': [unavailable, 'a lock in the database is held for too long'],
  '57014': [unavailable, 'the database took too long'],
  '57P': [unavailable, 'the database is shutting down or starting'],
  ECONNREFUSED: [unavailable, 'the database does not answer'],
  ECONNRESET: [unavailable, 'the connection to the database broke'],
  EHOSTUNREACH: [unavailable, 'the host of the database cannot be reached'],
  ENOTFOUND: [unavailable, 'the host of the database is unknown'],
  EPIPE: [unavailable, 'the connection to the database broke'],
  ETIMEDOUT: [unavailable, 'the database does not answer'],
}

/** Unique indexes that a caller may run into: the state is not what it took it for. Any other is a defect. */
const CLASHES: Readonly<Record<string, string>> = {
  traders_pkey: 'there is a trader already',
  intents_pkey: 'there is an intent with this id already',
  intents_order_ref_unique: 'there is an intent with this orderRef already',
  intents_order_id_unique: 'there is an intent with this order id already',
  intents_of_candle: 'there is such an intent of this candle already',
  intents_open_entry: 'an entry of this symbol is under way already',
  decisions_symbol_candle_time_pk: 'this candle was decided on already',
}

/** Sentences of the driver, to which it gives no code. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout e|Query read timeout|Client (has encountered a connection error|was closed)|Cannot use a pool)/

interface Coded extends Error {
  readonly code?: string
  readonly constraint?: string
}

const isCoded = (error: unknown): error is Coded => error instanceof Error

/** The driver's own error: drizzle wraps it in one that quotes the statement. */
const driverError = (error: unknown): unknown => (error instanceof DrizzleQueryError ? error.cause : error)

function meaningOf(error: Coded): readonly [Make, string] | undefined {
  const { code, constraint = '' } = error
  const clash = code === '23505' ? CLASHES[constraint] : undefined
  if (clash !== undefined) return [conflict, clash]
  if (code !== undefined) return MEANINGS[code] ?? MEANINGS[code.slice(0, 3)] ?? MEANINGS[code.slice(0, 2)]
  return LOST_CONNECTION.test(error.message) ? MEANINGS['08'] : undefined
}

/** What the caller is told. Errors that are no state of the database stay what they are: defects, without the SQL. */
export function storageError(thrown: unknown): unknown {
  const error = driverError(thrown)
  if (!isCoded(error) || error instanceof AppError) return error
  const meaning = meaningOf(error)
  return meaning === undefined ? error : meaning[0](meaning[1], { cause: error })
}

/** Serialization failure or deadlock: the whole transaction may succeed when it runs again. */
export function isCollision(thrown: unknown): boolean {
  const error = driverError(thrown instanceof AppError ? thrown.cause : thrown)
  return isCoded(error) && (error.code === '40001' || error.code === '40P01')
}

type Method = (...inputs: unknown[]) => Promise<unknown>

/** The same store, whose methods reject with what `storageError` says. */
export function guarded<Store extends object>(store: Store): Store {
  const guard =
    (method: Method): Method =>
    (...inputs) =>
      method(...inputs).catch((error: unknown) => Promise.reject(storageError(error)))
  return Object.fromEntries(Object.entries(store).map(([name, method]) => [name, guard(method)])) as Store
}
