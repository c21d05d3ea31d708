import type { Seams } from './process.ts'

/** A bug of our own that the simulated days must find. */
export interface Plant extends Partial<Seams> {
  readonly isLost?: (fields: readonly string[]) => boolean
  readonly clientId?: () => number
}

export const PLANTS: Readonly<Record<string, Plant>> = {}
