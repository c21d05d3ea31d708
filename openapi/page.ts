import { z } from 'zod'

export const DEFAULT_LIMIT = 1_000
const MOST_ITEMS = 10_000

/** The parameters of every list. */
export const pageQuery = {
  limit: z
    .int()
    .min(1)
    .max(MOST_ITEMS)
    .optional()
    .meta({ default: DEFAULT_LIMIT, description: 'The most items to answer.', examples: [3] }),
  cursor: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe('`nextCursor` of the page before. Opaque; one that cannot be read is 400.'),
}

/** A page of a list. Pages are stable while data is appended. */
export const page = <I extends z.ZodType>(items: I, name: string) =>
  z
    .strictObject({
      items: z.array(items),
      nextCursor: z.string().nullable().describe('Ask again with this as `cursor`; null on the last page.'),
    })
    .meta({ id: name })
