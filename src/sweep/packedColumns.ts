import { promisify } from 'node:util'
import { deflateRawSync, inflateRaw } from 'node:zlib'

/** Columns of numbers by name. */
export type Columns = Readonly<Record<string, Float64Array>>

const BYTES = Float64Array.BYTES_PER_ELEMENT
const inflate = promisify(inflateRaw)

/** Columns as compressed bytes: the length of a JSON header in two bytes, the header, and what `planes` makes of them. */
export function packed(columns: Columns): Uint8Array {
  const header = Buffer.from(
    JSON.stringify(Object.entries(columns).map(([name, { length }]) => [name, length])),
  )
  const size = Buffer.alloc(2)
  size.writeUInt16BE(header.length)
  const body = Buffer.concat(Object.values(columns).map(planes))
  return Buffer.concat([size, header, deflateRawSync(body, { level: 3 })])
}

/** What `packed` was given. */
export async function unpacked(bytes: Uint8Array): Promise<Columns> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = 2 + buffer.readUInt16BE()
  const header = JSON.parse(buffer.toString('utf8', 2, start)) as [string, number][]
  const body = await inflate(buffer.subarray(start))
  let at = 0
  const columns = header.map(([name, length]) => {
    const column = joined(body.subarray(at, at + length * BYTES))
    at += length * BYTES
    return [name, column] as const
  })
  return Object.fromEntries(columns)
}

/** The first byte of every number, then the second, and so on: neighbours share most of theirs. */
function planes(column: Float64Array): Uint8Array {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
  const out = new Uint8Array(bytes.length)
  for (let k = 0; k < BYTES; k++)
    for (let i = 0; i < column.length; i++) out[k * column.length + i] = bytes[i * BYTES + k]!
  return out
}

function joined(body: Uint8Array): Float64Array {
  const column = new Float64Array(body.length / BYTES)
  const bytes = new Uint8Array(column.buffer)
  for (let k = 0; k < BYTES; k++)
    for (let i = 0; i < column.length; i++) bytes[i * BYTES + k] = body[k * column.length + i]!
  return column
}
