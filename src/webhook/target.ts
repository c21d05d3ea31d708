import { isIP } from 'node:net'
import { type Allowed, isPublic, isWithin } from './address.ts'

/** All addresses of a name. Rejects when there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string }

const refused = (reason: string): { ok: false; reason: string } => ({ ok: false, reason })

const MOST_CHARACTERS = 2_048

/** Spaces, controls and backslashes, which a URL parser strips or turns round: whoever reads on would see another URL. */
const STRANGE = /[^\x21-\x5b\x5d-\x7e]/

/** A URL as a receiver may have it, whatever it leads to. */
export function readTarget(text: string, { http }: Allowed): Checked<URL> {
  if (text.length > MOST_CHARACTERS) return refused(`must have ${MOST_CHARACTERS} characters at most`)
  if (STRANGE.test(text)) return refused('must be printable ASCII without spaces or backslashes')
  const scheme = http ? 'https or http' : 'https'
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text)) return refused(`must be a URL of ${scheme}`)
  const url = new URL(text)
  if (url.protocol !== 'https:' && !http) return refused('must be https: WEBHOOK_ALLOW does not name http')
  if (/^[^/]*\/\/[^/?#]*@/.test(text)) return refused('must not hold a user or a password')
  if (text.includes('#')) return refused('must not have a fragment')
  return { ok: true, value: url }
}

/** The addresses behind a URL, once every one of them may be reached. Dial one of these, and ask no resolver again. */
export async function destination(url: URL, allowed: Allowed, resolve: Resolve): Promise<Checked<string[]>> {
  const addresses = await addressesOf(url.hostname, resolve)
  if (addresses.length === 0) return refused('the name has no address')
  const fault = addresses.map((address) => faultOf(address, portOf(url), allowed)).find((it) => it !== null)
  return fault === undefined ? { ok: true, value: addresses } : refused(fault!)
}

const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)

async function addressesOf(hostname: string, resolve: Resolve): Promise<string[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0) return [host]
  if (LOCALHOST.test(host)) return ['127.0.0.1']
  return resolve(host).then(
    (found) => found.filter((address) => isIP(address) !== 0),
    () => [],
  )
}

/** RFC 6761 §6.3: no resolver is asked. */
const LOCALHOST = /(^|\.)localhost\.?$/

function faultOf(address: string, port: number, allowed: Allowed): string | null {
  if (isWithin(allowed.ranges, address)) return null
  if (!isPublic(address))
    return 'it leads to an address that is not public, in no range that WEBHOOK_ALLOW names'
  const ports = [443, ...(allowed.http ? [80] : []), ...allowed.ports]
  return ports.includes(port)
    ? null
    : `its port must be ${ports.join(' or ')}, or one that WEBHOOK_ALLOW names`
}
