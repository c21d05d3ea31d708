import type { Handler } from '../handler.ts'

/** Requests that this simulator does not serve yet: each is refused, never left without an answer. */
export const notYet =
  (what: string, fieldsBeforeId: number): Handler =>
  (fields, { client }) =>
    client.refuse(fields.skip(fieldsBeforeId).integer(), {
      code: 321,
      text: `Error validating request: this simulator does not serve ${what} yet`,
    })
