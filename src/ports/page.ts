/** A page of a list that grows at its beginning. */
export interface PageBefore {
  readonly limit: number
  /** Only those with a lower ordinal. */
  readonly before?: number | undefined
}
