import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { importsOf, offences, type SourceFile } from './support/importRule.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['src', 'routes', 'jobs', 'db', 'openapi', 'bench']

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter(({ name }) => name === folder)
    .flatMap(() => readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' }))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .map((path) => ({ path, imports: importsOf(readFileSync(`${ROOT}${path}`, 'utf8')) }))
}

test('imports only fall, and each library has one home', () => {
  expect(offences(FOLDERS.flatMap(sourceFiles))).toEqual([])
})

const file = (path: string, ...imports: string[]): SourceFile => ({
  path,
  imports: imports.map((from) => ({ from, typeOnly: false })),
})

test.each([
  ['src/market/session.ts', '../ports/bars.ts', 'market may not see ports'],
  ['src/gateway/connection.ts', '../simulator/frame.ts', 'gateway may not see simulator'],
  ['src/simulator/server.ts', '../gateway/wire.ts', 'simulator may not see gateway'],
  ['src/collection/collect.ts', '../../db/bars.ts', 'collection may not see db'],
  ['routes/bars.ts', '../db/bars.ts', 'routes may not see db'],
  ['src/ports/bars.ts', '../market/series.ts', 'imports more than types'],
  ['db/schema.ts', '../src/clock/machine.ts', 'imports more than types'],
  ['src/novelty/idea.ts', '../market/time.ts', 'novelty may not see market'],
  ['src/marketTime.ts', '../db/world.ts', 'marketTime may not see db'],
  ['src/collection/collect.ts', '../marketTime.ts', 'collection may not see marketTime'],
  ['src/collection/collect.ts', 'hono', 'whose home is routes/'],
  ['routes/bars.ts', 'drizzle-orm/pg-core', 'whose home is db/'],
  ['db/bars.ts', 'zod', 'whose home is openapi/ or src/config.ts'],
  ['src/market/session.ts', 'luxon', 'a library without a home'],
])('%s that imports %s is named', (path, from, reason) => {
  const [told, ...more] = offences([file(path, from)])
  expect(told).toContain(path)
  expect(told).toContain(reason)
  expect(more).toEqual([])
})

test.each(['src/market/utils.ts', 'db/helpers.ts', 'src/common.ts', 'openapi/index.ts'])(
  '%s is named',
  (path) => {
    expect(offences([file(path)])).toEqual([`${path} is named after nothing`])
  },
)

test('a circle is told with its files', () => {
  const circle = [
    file('src/market/a.ts', './b.ts'),
    file('src/market/b.ts', './c.ts'),
    file('src/market/c.ts', './a.ts'),
  ]
  expect(offences(circle)).toEqual([
    'src/market/a.ts → src/market/b.ts → src/market/c.ts → src/market/a.ts is a circle',
  ])
})

test('what falls is no offence', () => {
  expect(
    offences([
      file('db/bars.ts', 'pg', 'node:crypto', './columns.ts', '../src/errors.ts', '../src/market/time.ts'),
      file('src/service.ts', '../routes/app.ts', '../db/bars.ts', './gateway/connection.ts'),
      { path: 'src/ports/bars.ts', imports: [{ from: '../market/series.ts', typeOnly: true }] },
    ]),
  ).toEqual([])
})

test('every form of import is read', () => {
  const text = [
    "import { a } from './a.ts'",
    "import type { B } from './b.ts'",
    "import {\n  type C,\n  c,\n} from './c.ts'",
    "import './d.ts'",
    "export { e } from './e.ts'",
    "const f = await import('./f.ts')",
  ].join('\n')
  expect(importsOf(text)).toEqual([
    { from: './a.ts', typeOnly: false },
    { from: './b.ts', typeOnly: true },
    { from: './c.ts', typeOnly: false },
    { from: './d.ts', typeOnly: false },
    { from: './e.ts', typeOnly: false },
    { from: './f.ts', typeOnly: false },
  ])
})

test('the lock file has the optional packages of every platform: without one of them npm ci refuses', () => {
  const { packages } = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')) as LockFile
  const missing = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`${at}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
    ),
  )
  expect(missing).toEqual([])
})

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Record<string, string> }>>
}
