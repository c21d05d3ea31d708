import type { Message } from '../fields.ts'

/** A message, and the name of what it tells. */
export interface Line {
  readonly name: string
  readonly message: Message
}

/** What a client has been told on one subscription: TWS repeats nothing that has not changed. */
export class Told {
  readonly #last = new Map<string, string>()

  /** Of these lines the messages that the client does not know yet. */
  news(lines: readonly Line[]): Message[] {
    return lines.filter((line) => this.#isNew(line)).map(({ message }) => message)
  }

  #isNew({ name, message }: Line): boolean {
    const text = message.join('\0')
    const isNew = this.#last.get(name) !== text
    this.#last.set(name, text)
    return isNew
  }
}
