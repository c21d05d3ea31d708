import { z } from 'zod'
import { encode, type Message } from '../fields.ts'
import { frame, MAX_FRAME_BYTES } from '../frame.ts'
import { drawn, entry, type FaultEntry, range } from './entry.ts'
import { atOnce, type Outgoing } from './fault.ts'
import { fieldsOf } from './line.ts'

const count = (fallback: number) => z.number().int().positive().default(fallback)

/** A message for request 1 whose text fills the longest frame that is allowed. */
function longest(): Buffer {
  const head = '4\x002\x001\x00165\x00'
  return frame(`${head}${'x'.repeat(MAX_FRAME_BYTES - head.length - 2)}\0\0`)
}

function lengthOnly(length: number): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.writeInt32BE(length)
  return bytes
}

/** A frame of the right length that no message is. */
function noise(random: () => number): Buffer {
  const bytes = Buffer.from(Array.from({ length: 204 }, () => Math.floor(random() * 256)))
  bytes.writeInt32BE(200)
  return bytes
}

/** Sends something before a message. */
const before = (does: string, bytesOf: (random: () => number) => Buffer): FaultEntry =>
  entry(does, {}, () => ({
    kind: 'strike',
    say: (_message, bytes, { random }) => [atOnce(bytesOf(random)), atOnce(bytes)],
  }))

/** Changes the fields of a message. */
const withFields = (bytes: Buffer, change: (fields: string[]) => Message): Outgoing[] => [
  atOnce(encode(change(fieldsOf(bytes)))),
]

/** What can be wrong with the bytes of a message, whatever it says. */
export const FRAME_FAULTS = {
  latency: entry(
    'every frame takes longer, and none overtakes another',
    { milliseconds: range(1_000) },
    ({ milliseconds }) => ({
      kind: 'strike',
      carry: (_message, bytes, { random }) => [{ bytes, delayMs: drawn(milliseconds, random) }],
    }),
  ),
  dribble: entry(
    'a frame arrives one byte at a time',
    { milliseconds: z.number().nonnegative().default(1), bytes: count(300) },
    ({ milliseconds, bytes: most }) => ({
      kind: 'strike',
      carry: (_message, bytes) => [
        ...[...bytes.subarray(0, most)].map((byte, i) => ({
          bytes: Buffer.of(byte),
          delayMs: i * milliseconds,
        })),
        ...(bytes.length > most ? [atOnce(bytes.subarray(most))] : []),
      ],
    }),
  ),
  merge: entry(
    'all frames of a while arrive in one piece',
    { milliseconds: z.number().positive().default(50) },
    ({ milliseconds }) => ({
      kind: 'strike',
      carry({ line }, bytes) {
        line.gather(milliseconds)
        return [atOnce(bytes)]
      },
    }),
  ),
  resetMidFrame: entry('the connection is reset in the middle of a frame', {}, () => ({
    kind: 'strike',
    carry({ line }, bytes) {
      line.breakAfter(bytes.subarray(0, bytes.length >> 1))
      return []
    },
  })),
  halfFrame: entry('a frame stops in its middle, and nothing comes after it', {}, () => ({
    kind: 'strike',
    carry({ line }, bytes) {
      line.fallSilentAfter(0)
      return [atOnce(bytes.subarray(0, bytes.length >> 1))]
    },
  })),
  hugeFrame: before('a frame of 16 MB, the longest that is legal, comes before a message', longest),
  badLength: entry(
    'a length that no frame has comes before a message',
    { length: z.number().int().min(-0x80000000).max(0x7fffffff).default(0x7fffffff) },
    ({ length }) => ({
      kind: 'strike',
      say: (_message, bytes) => [atOnce(lengthOnly(length)), atOnce(bytes)],
    }),
  ),
  garbage: before('a frame of noise comes before a message', noise),
  otherProtocol: entry('the first words are those of another protocol', {}, () => ({
    kind: 'strike',
    of: ['hello'],
    say: () => [atOnce(frame('SSH-2.0-OpenSSH\0'))],
  })),
  unknownMessage: entry(
    'a message of an id that no client knows comes before a message',
    { id: z.number().int().min(1).default(9_999) },
    ({ id }) => ({
      kind: 'strike',
      say: (_message, bytes) => [atOnce(encode([id, 1, ''])), atOnce(bytes)],
    }),
  ),
  extraFields: entry('a message has more fields than its version', { fields: count(1) }, ({ fields }) => ({
    kind: 'strike',
    say: (_message, bytes) => withFields(bytes, (all) => [...all, ...Array(fields).fill('extra')]),
  })),
  missingFields: entry('the last fields of a message are missing', { fields: count(1) }, ({ fields }) => ({
    kind: 'strike',
    say: (_message, bytes) => withFields(bytes, (all) => all.slice(0, Math.max(1, all.length - fields))),
  })),
  lost: entry('a message never arrives', {}, () => ({ kind: 'strike', say: () => [] })),
} as const satisfies Record<string, FaultEntry>
