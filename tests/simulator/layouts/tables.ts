import { type ZodObject, z } from 'zod'
import { FAULTS } from '../../../src/simulator/faults/catalogue.ts'
import { CLIENT_MESSAGES } from './clientMessages.ts'
import { VERSIONS } from './layout.ts'
import { encoded } from './library.ts'
import { SERVER_MESSAGES } from './serverMessages.ts'

const begin = (name: string) => `<!-- ${name}: written by a script -->`
const end = (name: string) => `<!-- end of ${name} -->`

/** The documentation with its tables in their places, as the code says them at this moment. */
export const withTables = (document: string): string =>
  filled(filled(document, 'messages by version', messageTables()), 'faults', faultTable())

function filled(document: string, name: string, table: string): string {
  const [before, rest] = document.split(begin(name))
  const after = rest?.split(end(name))[1]
  if (after === undefined) throw new Error(`there is no place for a table: ${begin(name)} … ${end(name)}`)
  return `${before}${begin(name)}\n${table}\n${end(name)}${after}`
}

function faultTable(): string {
  const rows = Object.entries(FAULTS).map(
    ([name, { does, parameters, mustEnd }]) =>
      `| \`${name}\` | ${does}${mustEnd ? '; `for` must be said' : ''} | ${parametersOf(parameters)} |`,
  )
  return ['| fault | what happens | `with` |', '| :-- | :-- | :-- |', ...rows].join('\n')
}

/** Names with what they are when left out. */
function parametersOf(schema: ZodObject): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' })
  const texts = Object.entries(properties).map(([name, property]) =>
    typeof property === 'object' && property.default !== undefined
      ? `\`${name}: ${JSON.stringify(property.default)}\``
      : `\`${name}\``,
  )
  return texts.join(', ')
}

/** How many fields each message has at each level, counted in what the builders and the library make. */
function messageTables(): string {
  const server = Object.entries(SERVER_MESSAGES).map(([name, { made, values }]) =>
    row(name, values.id!, (version) => made(version).length),
  )
  const client = Object.entries(CLIENT_MESSAGES).map(([name, { sent, values }]) =>
    row(name, values.id!, (version) => encoded(version, sent).length),
  )
  return ['**From the server**', '', HEAD, ...server, '', '**From the client**', '', HEAD, ...client].join(
    '\n',
  )
}

const HEAD = [
  `| id | message | ${VERSIONS.join(' | ')} |`,
  `| --: | :-- | ${VERSIONS.map(() => '--:').join(' | ')} |`,
].join('\n')

/** A number stands where it changes; a dot says that it is still the same. */
function row(name: string, id: string | number, count: (version: number) => number): string {
  const counts = VERSIONS.map(count)
  const cells = counts.map((fields, i) => (fields === counts[i - 1] ? '·' : String(fields)))
  return `| ${id} | ${name} | ${cells.join(' | ')} |`
}
