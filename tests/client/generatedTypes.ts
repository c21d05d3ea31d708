import { register } from 'node:module'
import type { OpenAPIObject } from 'openapi3-ts/oas31'

/** The generator is written against the compiler's interface as it was before version 7. */
const WITH_OLD_COMPILER = `export const resolve = (name, context, next) =>
  next(name === 'typescript' ? 'typescript-5' : name, context)`

/** The types that an outside generator makes of a document. */
export async function generatedTypes(document: OpenAPIObject): Promise<string> {
  register(`data:text/javascript,${encodeURIComponent(WITH_OLD_COMPILER)}`)
  const { default: generate, astToString } = await import('openapi-typescript')
  // A field with a default may be left out of a request; by itself the generator would ask for it.
  const options = { defaultNonNullable: false }
  return astToString(await generate(structuredClone(document) as Parameters<typeof generate>[0], options))
}
