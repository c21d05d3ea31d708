import type { EventStore, NewEvent, TradingEvent } from '../../../src/ports/events.ts'
import { type Journal, Table } from './table.ts'

export function memoryEvents(journal: Journal): EventStore {
  const events = new Table<number, TradingEvent>('events', journal)
  const place = (event: NewEvent): TradingEvent => {
    const sequence = events.size + 1
    const placed = { ...structuredClone(event), id: `evt_${sequence}`, sequence } as TradingEvent
    events.set(sequence, placed)
    return placed
  }
  return {
    append: async (made) => made.map(place),
    after: async (sequence, limit) => events.rows().slice(sequence, sequence + limit),
    list: async ({ limit, before = Number.POSITIVE_INFINITY, types }) =>
      events
        .rows()
        .filter((event) => event.sequence < before && (types === undefined || types.includes(event.type)))
        .reverse()
        .slice(0, limit),
    latest: async () => events.size,
  }
}
