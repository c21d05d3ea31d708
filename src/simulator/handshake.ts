/** What a TWS client says before its first frame. */
export const GREETING = Buffer.from('API\0')

/** The oldest and the newest level of the protocol that this server speaks. */
const OLDEST_VERSION = 176
const NEWEST_VERSION = 193

/**
 * The server version for a client that offers `v100..193` or `v178`, perhaps with connect options after a space;
 * null when there is none that both speak.
 */
export function negotiate(offer: string): number | null {
  const [, min, max] = /^v(\d{1,9})(?:\.\.(\d{1,9}))?(?: .*)?$/.exec(offer) ?? []
  if (min === undefined) return null
  const version = Math.min(Number(max ?? min), NEWEST_VERSION)
  return Number(min) > NEWEST_VERSION || version < OLDEST_VERSION ? null : version
}
