import { invalid } from '../errors.ts'
import { frame } from './frame.ts'

export type Field = string | number | boolean
/** One message: its id first, then its fields. */
export type Message = readonly Field[]

/** Fields one after the other, each with its NUL. Booleans travel as 1 and 0. */
const joinFields = (fields: Message): string => `${fields.map(fieldText).join('\0')}\0`

/** A message as the bytes that go out. */
export const encode = (message: Message): Buffer => frame(joinFields(message))

const fieldText = (field: Field): string =>
  typeof field === 'boolean' ? (field ? '1' : '0') : field.toString()

/** Text for error messages and long names: other than ASCII travels as `\uXXXX`. */
export const asciiText = (text: string): string =>
  text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Reads the fields of one message in order. Throws `invalid` on a field that is missing or no number. */
export class FieldReader {
  readonly #fields: readonly string[]
  #next = 0

  constructor(body: Buffer) {
    const text = body.toString('utf8')
    // Every field ends with NUL: what follows the last one is no field, unless the peer left that NUL out.
    this.#fields = (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0')
  }

  /** Every field of the message, its id first. */
  get all(): readonly string[] {
    return this.#fields
  }

  text(): string {
    const field = this.#fields[this.#next++]
    if (field === undefined) throw invalid(`field ${this.#next} is missing`)
    return field
  }

  /** An empty field is 0, as in TWS. */
  integer(): number {
    const text = this.text()
    if (!/^(-?\d{1,18})?$/.test(text))
      throw invalid(`field ${this.#next} is no integer: ${JSON.stringify(text)}`)
    return Number(text)
  }

  /** The fields that follow, by their names. */
  named<Name extends string>(names: readonly Name[]): Readonly<Record<Name, string>> {
    return Object.fromEntries(names.map((name) => [name, this.text()])) as Record<Name, string>
  }

  /** How many fields have not been read. */
  get left(): number {
    return this.#fields.length - this.#next
  }

  flag(): boolean {
    return this.integer() !== 0
  }

  skip(count: number): this {
    for (let i = 0; i < count; i++) this.text()
    return this
  }
}
