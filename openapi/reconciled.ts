import { z } from 'zod'
import { utcInstant } from './fields.ts'

/** A page of what we hold or did. */
export const reconciledPage = <I extends z.ZodType>(items: I, name: string) =>
  z
    .strictObject({
      asOf: utcInstant.describe('Market time of this answer.'),
      reconciled: z
        .boolean()
        .describe(
          "Whether the broker's books said the same when last compared, within a minute; false in a process that does not trade.",
        ),
      items: z.array(items),
      nextCursor: z.string().nullable().describe('Ask again with this as `cursor`; null on the last page.'),
    })
    .meta({ id: name })

export const RECONCILED_EXAMPLE = { asOf: '2013-10-09T15:10:04Z', reconciled: true, nextCursor: null }
