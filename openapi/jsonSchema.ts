import type { ReferenceObject, SchemaObject } from 'openapi3-ts/oas31'
import { z } from 'zod'

export type Direction = 'input' | 'output'
export type Described = SchemaObject | ReferenceObject

/**
 * Turns zod schemas into the schemas of a document. A schema with an id becomes a component and is referred to; one id
 * has one form, so a schema that differs between input and output needs two.
 */
export class SchemaCollector {
  readonly components = new Map<string, SchemaObject>()

  describe(schema: z.ZodType, direction: Direction): Described {
    const { definitions = {}, ...own } = exported(schema, direction)
    for (const [name, definition] of Object.entries(definitions)) this.#keep(name, definition)
    return own
  }

  /** The component that a reference names, or the schema itself. */
  resolve(described: Described): SchemaObject {
    const name = described.$ref?.split('/').at(-1)
    return this.components.get(name ?? '') ?? (described as SchemaObject)
  }

  #keep(name: string, definition: SchemaObject): void {
    const kept = this.components.get(name)
    if (kept && JSON.stringify(kept) !== JSON.stringify(definition)) {
      throw new Error(`two schemas are called ${name}`)
    }
    this.components.set(name, definition)
  }
}

type Exported = SchemaObject & { definitions?: Record<string, SchemaObject> }

function exported(schema: z.ZodType, io: Direction): Exported {
  const json = z.toJSONSchema(schema, {
    target: 'openapi-3.1',
    io,
    override: ({ jsonSchema }) => tidy(jsonSchema),
  })
  return JSON.parse(JSON.stringify(json).replaceAll('"#/definitions/', '"#/components/schemas/'))
}

/** zod states what a format or a reference implies already (in 300 characters) and the bounds of every safe integer. */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format === 'date-time' || schema.format === 'date' || schema.$ref) delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}
