import type { IdempotencyStore, KeyedRequest } from '../../../src/ports/idempotency.ts'
import { type Journal, Table } from './table.ts'

export function memoryIdempotency(journal: Journal): IdempotencyStore {
  const requests = new Table<string, KeyedRequest>('idempotency', journal)
  let subjects = 0
  return {
    async begin(route, key, bodyHash) {
      const place = `${route} ${key}`
      if (requests.get(place) === undefined) {
        requests.set(place, { bodyHash, subject: `subject-${++subjects}`, answer: null })
      }
      return requests.get(place)!
    },
    async finish(route, key, answer) {
      const request = requests.get(`${route} ${key}`)
      if (request === undefined || request.answer !== null) return false
      requests.set(`${route} ${key}`, { ...request, answer })
      return true
    },
    async forget(route, key) {
      if (requests.get(`${route} ${key}`)?.answer === null) requests.delete(`${route} ${key}`)
    },
  }
}
