import type { Client } from './client.ts'
import type { Message } from './fields.ts'
import { error, NO_ID } from './messages/session.ts'

/** A data farm: the notices that tell of it, and what TWS calls it. */
const FARMS = {
  marketData: { broken: 2103, ok: 2104, says: 'Market data farm connection', name: 'usfarm' },
  history: { broken: 2105, ok: 2106, says: 'HMDS data farm connection', name: 'ushmds' },
  definitions: { broken: 2157, ok: 2158, says: 'Sec-def data farm connection', name: 'secdefil' },
} as const

export type Farm = keyof typeof FARMS

export const FARM_NAMES = Object.keys(FARMS) as readonly Farm[]

/** Something that a terminal cannot reach, as long as it lasts. */
export interface Outage {
  readonly of: Farm | 'link'
  concerns(client: Client): boolean
}

/** What a client hears of the farms when it has connected. */
export function connectNotices(client: Client, outages: Iterable<Outage>): Message[] {
  const out = [...outages].filter((outage) => outage.concerns(client)).map((outage) => outage.of)
  return out.includes('link')
    ? [error(NO_ID, 2110, LINK_BROKEN)]
    : FARM_NAMES.map((farm) => farmNotice(farm, out.includes(farm) ? 'broken' : 'ok'))
}

const LINK_BROKEN =
  'Connectivity between Trader Workstation and server is broken. It will be restored automatically.'

export function farmNotice(farm: Farm, state: 'ok' | 'broken'): Message {
  const { says, name, [state]: code } = FARMS[farm]
  return error(NO_ID, code, `${says} is ${state === 'ok' ? 'OK' : 'broken'}:${name}`)
}
