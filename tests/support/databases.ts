import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Makes a database on the server of `url`, empty unless a template is named. Resolves with its url. */
export async function createDatabase(url: string, template = 'template1'): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name} template ${template}`)
  return withName(url, name)
}

/** A database and the role that owns it and may do nothing else: what the service is entered by. */
export async function createOwnedDatabase(url: string, role: string, password: string): Promise<string> {
  await administer(url, `create role ${role} login password '${password}' ${NOTHING_ELSE}`)
  await administer(url, `create database ${role} owner ${role}`)
  return Object.assign(new URL(url), { username: role, password, pathname: `/${role}` }).href
}

const NOTHING_ELSE = 'nosuperuser nocreatedb nocreaterole noreplication'

/** `url`: with the rights to do so. */
export async function dropOwnedDatabase(url: string, role: string): Promise<void> {
  await administer(url, `drop database if exists ${role} with (force)`)
  await administer(url, `drop role if exists ${role}`)
}

export const dropDatabase = (url: string): Promise<void> =>
  administer(url, `drop database if exists ${nameOf(url)} with (force)`)

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: withName(url, 'postgres') })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

export const nameOf = (url: string): string => new URL(url).pathname.slice(1)

function withName(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = name
  return changed.href
}
