import { Resolver } from 'node:dns/promises'
import type { Resolve } from './target.ts'

/**
 * Asks DNS itself. The system's own look-up waits in the threads that files and the broker's name need too: a slow
 * name server of a stranger would hold them up.
 */
export function dnsResolve(): Resolve {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 })
  return async (name) => {
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
  }
}
