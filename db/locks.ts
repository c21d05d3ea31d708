import type { Transaction } from './session.ts'

/** "ibkr" in ASCII: the first half of every advisory lock, so that other users of the database are not met. */
export const LOCK_SPACE = 0x69626b72

/** The second half. Ingests lock `ingest + instrument`, so they come last. */
export const LOCKS = { migrations: 1, pacing: 2, lease: 3, partitions: 4, ingest: 1_000 } as const

/** Without it, two writers of one bucket would each make its rollup without the other's seconds. */
export const lockIngest = (transaction: Transaction, instrument: number) =>
  transaction.rows('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.ingest + instrument])
