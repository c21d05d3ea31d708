import type { StoredWorld, WorldStore } from '../../../src/ports/world.ts'

export function memoryWorld(): WorldStore {
  let stored: StoredWorld | null = null
  let isTrusted = false
  let books: string | null = null
  return {
    async settle(proposed) {
      isTrusted ||= stored === null
      stored ??= proposed
      return stored
    },
    isLedgerTrusted: async () => isTrusted,
    async trustLedger() {
      isTrusted = true
    },
    books: async () => books,
    async keepBooks(text) {
      books = text
    },
  }
}
