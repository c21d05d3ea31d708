/** `ratchet` only rises · `latest` is always the newest swing low, which may fall (strategy, P6). */
export type StopKind = 'ratchet' | 'latest'

/** The stop at a close, from the one before (NaN: none yet) and the swing low now known (NaN: none). */
export const trailingStop = (kind: StopKind, before: number, swingLow: number): number =>
  kind === 'latest' || Number.isNaN(before) || swingLow > before ? swingLow : before
