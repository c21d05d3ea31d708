import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { importsOf } from '../support/importRule.ts'

interface Service {
  readonly image?: string
  readonly build?: string
  readonly ports?: readonly string[]
  readonly networks?: readonly string[]
  readonly profiles?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly stop_grace_period?: string
  readonly healthcheck?: object
  readonly pids_limit?: number
  readonly environment: Readonly<Record<string, string>>
}

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const read = (name: string) => readFileSync(pathOf(name), 'utf8')
const { services, networks } = parse(read('docker-compose.yml')) as {
  services: Readonly<Record<string, Service>>
  networks: Readonly<Record<string, { readonly internal?: boolean } | null>>
}
const dockerfile = read('Dockerfile')
const each = Object.entries(services)

test('what is published is published to loopback alone', () => {
  const ports = each.flatMap(([, { ports = [] }]) => ports)
  expect(ports).not.toEqual([])
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
})

test.each(each)('%s gains no privileges, has bounds and time to end', (_name, service) => {
  expect(service.security_opt).toContain('no-new-privileges:true')
  expect(service.pids_limit).toBeGreaterThan(0)
  expect(Number.parseInt(service.stop_grace_period!, 10)).toBeGreaterThanOrEqual(20)
})

test.each(['engine', 'postgres'])(
  '%s writes to its volumes only, and without capabilities to begin with',
  (name) => {
    expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  },
)

test('the database is on a network that leads nowhere, and IB Gateway is not on it', () => {
  expect(networks.database).toEqual({ internal: true })
  expect(services.postgres!.networks).toEqual(['database'])
  expect(services['ib-gateway']!.networks).not.toContain('database')
})

test('IB Gateway comes only when it is asked for, for paper', () => {
  expect(services['ib-gateway']).toMatchObject({ profiles: ['ib'], environment: { TRADING_MODE: 'paper' } })
})

test('images are pinned to a version', () => {
  const images = [
    ...each.flatMap(([, { image }]) => image ?? []),
    ...[...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!),
  ]
  expect(images.length).toBeGreaterThan(2)
  expect(images.filter((image) => !/:\d+\.\d+/.test(image))).toEqual([])
})

test('every service can be asked whether it is well', () => {
  expect(each.filter(([, { healthcheck, build }]) => !healthcheck && !build)).toEqual([])
  expect(dockerfile).toMatch(/^HEALTHCHECK /m)
})

test('the image is made in two stages, and what runs is not root', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
  expect(dockerfile.match(/^FROM /gm)).toHaveLength(2)
  expect(last).toMatch(/^USER node$/m)
  expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('CMD ["node", "--enable'))
  expect(last).toContain('npm ci --omit=dev')
})

test('what is built in the image is all that its parts import', () => {
  const copied = [...dockerfile.matchAll(/^COPY (\w+) \1$/gm)].map(([, folder]) => folder!)
  expect(copied).toContain('src')
  const files = copied.flatMap((folder) =>
    readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  const leaving = files
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) =>
      importsOf(read(path))
        .filter(({ from }) => from.startsWith('.') && !files.includes(join(dirname(path), from)))
        .map(({ from }) => `${path} imports ${from}`),
    )
  expect(leaving).toEqual([])
  const ignored = read('.dockerignore').split('\n')
  expect(copied.filter((folder) => !ignored.includes(`!${folder}`))).toEqual([])
})
