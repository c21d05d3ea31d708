/** Who counts as one client: an IPv4 address, or the /64 of an IPv6 address, of which one client has all. */
export function addressKey(address: string | null): string {
  if (address === null) return 'no address'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head, tail] = address.split('%')[0]!.split('::') as [string, string | undefined]
  const groups = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length
  return [...groups, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':')
}
