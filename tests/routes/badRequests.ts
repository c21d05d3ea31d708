import type { ParameterObject } from 'openapi3-ts/oas31'
import type { Random } from '../../src/market/time.ts'
import { type Documented, exampleBody, exampleUrl } from '../openapi/requests.ts'
import { HOSTILE_HEADERS, HOSTILE_JSON, HOSTILE_PATHS, HOSTILE_TEXTS } from './hostile.ts'

/** A request that nobody should send, as far as a client of HTTP can send it. */
export interface BadRequest {
  readonly operationId: string
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

type Draft = { -readonly [K in keyof BadRequest]: BadRequest[K] }
type Spoil = (draft: Draft, described: Documented, random: Random) => void

const oneOf = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)]!

/** A right request of the document in which one to three things are wrong. The same numbers give the same request. */
export function badRequest(all: readonly Documented[], random: Random, token: string): BadRequest {
  const described = oneOf(random, all)
  const { headers, body } = exampleBody(described)
  const draft: Draft = {
    operationId: described.operationId,
    method: described.method,
    url: exampleUrl(described),
    headers: { ...headers, authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  }
  oneOf(random, SURE_SPOILS)(draft, described, random)
  const more = Math.floor(random() * 3)
  for (let i = 0; i < more; i++) oneOf(random, SPOILS)(draft, described, random)
  return draft
}

/** Operations as often as there is something in them to spoil. */
export const byInput = (all: readonly Documented[]): Documented[] =>
  all.flatMap((described) => {
    const { operation, parameters } = described
    const weight = 1 + Math.min(parameters.length, 3) + (operation.requestBody === undefined ? 0 : 6)
    return Array<Documented>(weight).fill(described)
  })

const inQuery = ({ parameters }: Documented): ParameterObject[] =>
  parameters.filter(({ in: place }) => place === 'query')

function changeQuery({ url }: Draft, change: (query: URLSearchParams) => void): string {
  const [path, text] = url.split('?')
  const query = new URLSearchParams(text)
  change(query)
  return `${path}?${query}`
}

/** A parameter that is there gets a value that is none. */
const spoilParameter: Spoil = (draft, described, random) => {
  const parameters = inQuery(described)
  if (parameters.length === 0) return
  const { name } = oneOf(random, parameters)
  draft.url = changeQuery(draft, (query) => query.set(name, oneOf(random, HOSTILE_TEXTS)))
}

const doubleParameter: Spoil = (draft, described, random) => {
  const name = oneOf(random, [...inQuery(described).map((parameter) => parameter.name), ...HOSTILE_TEXTS])
  draft.url = changeQuery(draft, (query) => {
    query.append(name, oneOf(random, HOSTILE_TEXTS))
    query.append(name, oneOf(random, HOSTILE_TEXTS))
  })
}

/** Ends of a range that lie the wrong way round, at the ends of time, or nowhere. */
const spoilRange: Spoil = (draft, _, random) => {
  const instants = [
    ...['1970-01-01T00:00:00Z', '2099-12-31T23:59:59Z', '+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z'],
    ...[
      '0000-01-01T00:00:00Z',
      '2013-02-30T00:00:00Z',
      '2013-10-08T24:00:00Z',
      '2013-10-08T13:30:00+99:99',
      '',
    ],
  ]
  draft.url = changeQuery(draft, (query) => {
    query.set('from', oneOf(random, instants))
    query.set('to', oneOf(random, instants))
  })
}

const spoilPath: Spoil = (draft, { path, parameters }, random) => {
  const names = parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name)
  const text = oneOf(random, [...HOSTILE_TEXTS, ...HOSTILE_PATHS])
  const part = random() < 0.5 ? encodeURIComponent(Buffer.from(text).toString()) : text
  const filled = names.reduce((url, name) => url.replace(`{${name}}`, () => part), path)
  draft.url = names.length > 0 ? filled : `${path}${oneOf(random, HOSTILE_PATHS)}`
}

const spoilHeader: Spoil = (draft, _, random) => {
  const [name, values] = oneOf(random, Object.entries(HOSTILE_HEADERS))
  draft.headers = { ...draft.headers, [name]: oneOf(random, values) }
}

const spoilMethod: Spoil = (draft, _, random) => {
  draft.method = oneOf(random, [
    'GET',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'HEAD',
    'PROPFIND',
    'get',
  ])
}

/** A value somewhere in the body is another one, is gone, or has company. */
const spoilField: Spoil = (draft, _, random) => {
  if (typeof draft.body !== 'string' || draft.body.length > 5_000 || !/^[[{]/.test(draft.body)) return
  const value = parsed(draft.body)
  const places = placesIn(value)
  if (places.length === 0) return
  const { holder, key } = oneOf(random, places)
  const kind = random()
  if (kind < 0.6) holder[key] = oneOf(random, HOSTILE_JSON)
  else if (kind < 0.8) delete holder[key]
  else holder[oneOf(random, HOSTILE_TEXTS)] = oneOf(random, HOSTILE_JSON)
  draft.body = JSON.stringify(value)
}

type Holder = Record<string, unknown>

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // an earlier fault has made it unreadable already
  }
}

const placesIn = (value: unknown): { readonly holder: Holder; readonly key: string }[] =>
  value === null || typeof value !== 'object'
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [{ holder: value as Holder, key }, ...placesIn(inner)])

/** Text that is no JSON, or JSON that no careful reader takes. */
const spoilText: Spoil = (draft, _, random) => {
  const text = typeof draft.body === 'string' ? draft.body : '{}'
  const at = Math.floor(random() * text.length)
  const spoilt: (string | Uint8Array<ArrayBuffer>)[] = [
    ...[text.slice(0, at), `${text}${text}`, `\uFEFF${text}`, text.replace('{', '{"__proto__":{"x":1},')],
    ...[text.replace('{', '{"constructor":{"prototype":{}},'), text.replace(/"(\w+)":/, '"$1":1,"$1":')],
    ...['['.repeat(30_000), `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`, `[${'1,'.repeat(30_000)}1]`],
    ...[text.replace(/\d+/, '1e999'), text.replace(/\d+/, '0x10'), text.replace(/:[^,}]+/, ':NaN')],
    ...[text.replace(/\d+/, '9007199254740993'), `"${'a'.repeat(60_000)}"`, 'x'.repeat(70_000), ''],
    ...[
      new Uint8Array([0xff, 0xfe, 0x00]),
      new Uint8Array([0x1f, 0x8b, 8, 0, 0]),
      text.replace(/[,\n]/g, '\0'),
    ],
    ...[text.slice(0, at) + oneOf(random, HOSTILE_TEXTS) + text.slice(at), text.replaceAll('\n', '\r\n"')],
  ]
  draft.body = oneOf(random, spoilt)
}

/** Where there is something to spoil, these leave nothing right. */
const SURE_SPOILS: readonly Spoil[] = [
  ...[spoilParameter, doubleParameter, spoilRange, spoilPath, spoilText, spoilField, spoilField],
]

const SPOILS: readonly Spoil[] = [...SURE_SPOILS, spoilHeader, spoilMethod]
