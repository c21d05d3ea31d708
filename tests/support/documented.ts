import { z } from 'zod'

/** The value that a schema documents for a field, or for each field of its own. */
export function documented(schema: z.core.$ZodType): unknown {
  const { default: value } = z.globalRegistry.get(schema) ?? {}
  if (value !== undefined || !(schema instanceof z.ZodObject)) return value
  return Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, documented(field)]))
}
