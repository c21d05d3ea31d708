import type { IdempotencyStore } from '../../../src/ports/idempotency.ts'
import { type Journal, Table } from './table.ts'

type StoredAnswer = Parameters<IdempotencyStore['save']>[2]

export function memoryIdempotency(journal: Journal): IdempotencyStore {
  const answers = new Table<string, StoredAnswer>('idempotency', journal)
  return {
    find: async (route, key) => answers.get(`${route} ${key}`) ?? null,
    async save(route, key, answer) {
      const isNew = answers.get(`${route} ${key}`) === undefined
      if (isNew) answers.set(`${route} ${key}`, answer)
      return isNew
    },
  }
}
