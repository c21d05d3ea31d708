/** The library takes the fields of a frame from the front of an array: a long array costs time by its square. */
const MAX_FIELDS = 20_000

/** Which field says how many items follow. The library makes room for them before it looks for them. */
const COUNT_AT: Readonly<Record<number, number>> = {
  17: 4,
  77: 2,
  78: 1,
  79: 2,
  80: 1,
  85: 1,
  89: 2,
  93: 2,
  96: 2,
  97: 2,
  98: 2,
  106: 5,
}

/** Why a frame's body would keep the decoder busy for too long, or null. An item has at least one field. */
export function overload(body: Buffer): string | null {
  const fields = countFields(body)
  if (fields > MAX_FIELDS) return `a frame has ${fields} fields`
  // The library reads numbers so, and takes what follows the digits for nothing.
  const at = COUNT_AT[Number.parseInt(fieldAt(body, 0), 10)]
  if (at === undefined) return null
  const count = Number.parseInt(fieldAt(body, at), 10)
  return count < 0 || count > fields ? `a frame of ${fields} fields announces ${count} items` : null
}

function countFields(body: Buffer): number {
  let fields = 0
  for (let at = body.indexOf(0); at !== -1; at = body.indexOf(0, at + 1)) fields++
  return fields
}

function fieldAt(body: Buffer, index: number): string {
  let from = 0
  for (let i = 0; i < index; i++) {
    const next = body.indexOf(0, from)
    if (next === -1) return ''
    from = next + 1
  }
  const to = body.indexOf(0, from)
  return body.toString('latin1', from, to === -1 ? body.length : to)
}
