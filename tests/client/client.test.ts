import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import type { OpenAPIObject } from 'openapi3-ts/oas31'
import { afterAll, expect, test } from 'vitest'
import { documented } from '../openapi/requests.ts'
import { AUTHORIZED, served } from '../routes/served.ts'
import { spy } from '../support/bars.ts'
import { clientProgram } from './clientProgram.ts'
import { generatedTypes } from './generatedTypes.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const { app, stores } = await served()
await stores.instruments.save(spy)
const document = (await (await app.request('/openapi.json')).json()) as OpenAPIObject
const all = documented(document)

// Below the root, so that it finds the libraries; what is there is not kept.
await mkdir(join(ROOT, 'dist'), { recursive: true })
const folder = await mkdtemp(join(ROOT, 'dist', 'client-'))
afterAll(() => rm(folder, { recursive: true }))

type CallAll = (options: object, tell: (id: string, status: number) => void) => Promise<void>

test('types made of the document fit its own examples, in the strictest reading', {
  timeout: 120_000,
}, async () => {
  await writeFile(join(folder, 'schema.ts'), await generatedTypes(document))
  await writeFile(join(folder, 'program.ts'), clientProgram(all))
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022']
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const more = ['--ignoreConfig', '--allowImportingTsExtensions', join(folder, 'program.ts')]
  const compiling = promisify(execFile)(process.execPath, [compiler, ...flags, ...more], { cwd: folder })
  expect(await compiling.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({
    stdout: '',
  })
})

test('a client with these types calls every operation, and is answered as the document says', {
  timeout: 120_000,
}, async () => {
  const { code } = await transform(clientProgram(all), { loader: 'ts', format: 'esm' })
  await writeFile(join(folder, 'program.mjs'), code)
  const { callAll } = (await import(pathToFileURL(join(folder, 'program.mjs')).href)) as { callAll: CallAll }
  const told = new Map<string, number>()
  const options = {
    baseUrl: 'http://localhost',
    headers: AUTHORIZED,
    fetch: (request: Request) => app.fetch(request),
  }
  await callAll(options, (id, status) => told.set(id, status))
  expect([...told.keys()].sort()).toEqual(all.map(({ operationId }) => operationId).sort())
  for (const { operationId, operation } of all) {
    expect([operationId, Object.keys(operation.responses ?? {})]).toEqual([
      operationId,
      expect.arrayContaining([String(told.get(operationId))]),
    ])
  }
  const failed = [...told].filter(([, status]) => status >= 500)
  expect(failed).toEqual([])
  expect([...told].filter(([, status]) => status < 300).length).toBeGreaterThan(all.length / 2)
})
