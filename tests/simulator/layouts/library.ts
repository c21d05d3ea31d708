import { Decoder } from '@stoqey/ib/dist/core/io/decoder.js'
import { Encoder } from '@stoqey/ib/dist/core/io/encoder.js'
import { fieldsOf } from '../../../src/simulator/faults/line.ts'
import { encode, type Message } from '../../../src/simulator/fields.ts'

/** What @stoqey/ib makes of a message: its events, each name first, and what it complains of. */
export interface Decoded {
  readonly events: readonly (readonly unknown[])[]
  readonly complaints: readonly string[]
}

/** Lets the library's own decoder read a message at a level of the protocol. */
export function decoded(version: number, message: Message): Decoded {
  const events: unknown[][] = []
  const complaints: string[] = []
  const decoder = new Decoder({
    serverVersion: version,
    emitEvent: (...event: unknown[]) => events.push(event),
    emitError: (text: string, code: number, id?: number) =>
      id === undefined ? complaints.push(text) : events.push(['error', text, code, id]),
    emitInfo: (...info: unknown[]) => events.push(['info', ...info]),
  })
  decoder.enqueueMessage(fieldsOf(encode(message)))
  decoder.process()
  return { events, complaints }
}

/** The fields that the library's own encoder sends for a call at a level of the protocol. */
export function encoded(version: number, call: (encoder: Encoder, version: number) => void): string[] {
  const sent: unknown[] = []
  const encoder = new Encoder({
    serverVersion: version,
    sendMsg: (...tokens: unknown[]) => sent.push(...tokens.flat(Number.POSITIVE_INFINITY)),
    emitError(text: string) {
      throw new Error(text)
    },
  } as never)
  call(encoder, version)
  return sent.map(fieldText)
}

/** As the library's socket writes it. */
const fieldText = (token: unknown): string =>
  token === undefined || token === null ? '' : token === true ? '1' : token === false ? '0' : String(token)
