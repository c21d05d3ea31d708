import { BlockList, isIP } from 'node:net'

type Family = 'ipv4' | 'ipv6'

/** What may be reached beside public addresses, by WEBHOOK_ALLOW. */
export interface Allowed {
  /** Plain http. */
  readonly http: boolean
  /** Ranges in CIDR notation, reached at any port. */
  readonly ranges: readonly string[]
  /** Ports of public addresses beside 443, and 80 where http is allowed. */
  readonly ports: readonly number[]
}

/** IANA's special-purpose ranges of IPv4, and what is no unicast. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8', // this network; many systems take it for this host
  '10.0.0.0/8',
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local: the metadata of clouds
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24', // documentation
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
]

/** The only range of IPv6 from which public addresses are given; all others are local, mapped, multicast or reserved. */
const GLOBAL_IPV6 = '2000::/3'

/** What in it is no public address of one host, or leads to an address of IPv4 that it holds. */
const SPECIAL_IPV6 = [
  '2001::/23', // protocols of the IETF: Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48',
  '3fff::/20', // documentation
]

const familyOf = (address: string): Family => (isIP(address) === 4 ? 'ipv4' : 'ipv6')

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network, bits] = range.split('/') as [string, string]
    list.addSubnet(network, Number(bits), familyOf(network))
  }
  return list
}

const special = listOf([...SPECIAL_IPV4, ...SPECIAL_IPV6])
const global = listOf([GLOBAL_IPV6])

/** Whether an address is one that anybody may be sent to. */
export function isPublic(text: string): boolean {
  const address = unmapped(text)
  const family = familyOf(address)
  if (family === 'ipv6' && !global.check(address, family)) return false
  return !special.check(address, family)
}

/** Whether an address lies in one of the ranges. */
export const isWithin = (ranges: readonly string[], text: string): boolean => {
  const address = unmapped(text)
  return listOf(ranges).check(address, familyOf(address))
}

const MAPPED = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([\da-f]{1,4}):([\da-f]{1,4}))$/i

/** The address of IPv4 behind one that is mapped into IPv6: the packets go there. */
function unmapped(address: string): string {
  const [, dotted, high, low] = MAPPED.exec(address) ?? []
  if (dotted !== undefined) return dotted
  if (high === undefined || low === undefined) return address
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [a >> 8, a & 0xff, b >> 8, b & 0xff].join('.')
}
