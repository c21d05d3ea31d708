import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Pool } from 'pg'
import type { StoredWorld, WorldStore } from '../src/ports/world.ts'
import { guarded } from './errors.ts'
import { worlds } from './schema.ts'

/** This database among all: the cluster's own number and the database's in it. A restored dump has another home. */
const HOME = sql<string>`(
  select system_identifier || '/' || oid from pg_control_system(), pg_database where datname = current_database()
)`

const { kind, world, anchor, ledgerHome } = worlds

export function worldStore(pool: Pool): WorldStore {
  const orm = drizzle(pool)
  return guarded({
    async settle(proposed: StoredWorld) {
      const row = { ...proposed, ledgerHome: HOME }
      await orm.insert(worlds).values(row).onConflictDoNothing()
      const [settled] = await orm.select({ kind, world, anchor }).from(worlds)
      return settled!
    },

    async isLedgerTrusted() {
      const [row] = await orm.select({ trusted: sql<boolean>`${ledgerHome} = ${HOME}` }).from(worlds)
      return row?.trusted ?? false
    },

    async trustLedger() {
      await orm.update(worlds).set({ ledgerHome: HOME })
    },

    async books() {
      const [row] = await orm.select({ books: worlds.books }).from(worlds)
      return row?.books ?? null
    },

    async keepBooks(books: string) {
      await orm.update(worlds).set({ books })
    },
  })
}
