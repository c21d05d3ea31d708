import { readFile } from 'node:fs/promises'
import { isNode, isPair, isScalar, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml'
import type { output, ZodType } from 'zod'
import { type InputIssue, invalid, messageOf } from '../errors.ts'

/** The text of a YAML or JSON file, and the name under which its faults are told. */
export interface DocumentText {
  readonly file: string
  readonly text: string
}

/** Reads a YAML or JSON file (JSON is YAML) that `schema` accepts. Throws `invalid` with every fault of it at once. */
export async function readDocument<Schema extends ZodType>(
  file: string,
  schema: Schema,
): Promise<output<Schema>> {
  try {
    return checked({ file, text: await readFile(file, 'utf8') }, schema)
  } catch (fault) {
    throw isMissing(fault) ? invalid(`${file} cannot be read: ${messageOf(fault)}`) : fault
  }
}

/** What a document says, if `schema` accepts it. Throws `invalid`: a line `file:line:column path: reason` per fault. */
export function checked<Schema extends ZodType>(
  { file, text }: DocumentText,
  schema: Schema,
): output<Schema> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors.map(({ pos, message }) => ({ at: pos[0], path: [], message }))
  if (broken.length > 0) throw refusal(file, lines, broken)
  const parsed = schema.safeParse(document.toJS())
  if (parsed.success) return parsed.data
  throw refusal(
    file,
    lines,
    parsed.error.issues.flatMap((issue) => faultsOf(document, issue)),
  )
}

type Path = readonly PropertyKey[]
type Issue = NonNullable<ReturnType<ZodType['safeParse']>['error']>['issues'][number]

/** `at` is the offset in the text. */
interface Fault {
  readonly at: number
  readonly path: Path
  readonly message: string
}

function faultsOf(document: YamlDocument, issue: Issue): Fault[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ at: offsetOf(document, issue.path), path: issue.path, message: issue.message }]
  return issue.keys.map((key) => ({
    at: keyOffsetOf(document, [...issue.path, key]),
    path: [...issue.path, key],
    message: 'is not known here',
  }))
}

/** Where the value at a path begins, or, where it is missing, the nearest one around it. */
function offsetOf(document: YamlDocument, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

function keyOffsetOf(document: YamlDocument, path: Path): number {
  const around = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  const items: readonly unknown[] =
    isNode(around) && 'items' in around && Array.isArray(around.items) ? around.items : []
  for (const item of items)
    if (isPair(item) && isScalar(item.key) && item.key.value === path.at(-1)) return item.key.range?.[0] ?? 0
  return offsetOf(document, path)
}

function refusal(file: string, lines: LineCounter, faults: readonly Fault[]): Error {
  const told = [...faults].sort((a, b) => a.at - b.at).map((fault) => issueOf(file, lines, fault))
  return invalid(told.map(({ path, message }) => `${path}: ${message}`).join('\n'), { issues: told })
}

function issueOf(file: string, lines: LineCounter, { at, path, message }: Fault): InputIssue {
  const { line, col } = lines.linePos(at)
  const place = `${file}:${line}:${col}`
  return { path: path.length > 0 ? `${place} ${pathText(path)}` : place, message }
}

/** `faults[0].when.at`. */
const pathText = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')

const isMissing = (fault: unknown): boolean => fault instanceof Error && 'code' in fault && 'syscall' in fault
