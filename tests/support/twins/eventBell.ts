import type { EventBell } from '../../../src/ports/eventStreams.ts'

/** A bell, and what rings it. */
export function memoryBell(): { bell: EventBell; ring(): void } {
  const listeners = new Set<() => void>()
  return {
    bell: {
      listen(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    ring() {
      for (const listener of listeners) listener()
    },
  }
}
