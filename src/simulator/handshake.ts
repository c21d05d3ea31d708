/** What a TWS client says before its first frame. */
export const GREETING = Buffer.from('API\0')

/** The oldest and the newest level of the protocol that this server speaks. */
export const OLDEST_VERSION = 176
export const NEWEST_VERSION = 193

/**
 * The server version for a client that offers `v100..193` or `v178`, perhaps with connect options after a space;
 * null when there is none that both speak. A server may know no version above `newest`.
 */
export function negotiate(offer: string, newest: number = NEWEST_VERSION): number | null {
  const [, min, max] = /^v(\d{1,9})(?:\.\.(\d{1,9}))?(?: .*)?$/.exec(offer) ?? []
  if (min === undefined) return null
  const version = Math.min(Number(max ?? min), newest)
  return Number(min) > newest || version < OLDEST_VERSION ? null : version
}
