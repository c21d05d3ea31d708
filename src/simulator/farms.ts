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

export function farmNotice(farm: Farm, state: 'ok' | 'broken'): Message {
  const { says, name, [state]: code } = FARMS[farm]
  return error(NO_ID, code, `${says} is ${state === 'ok' ? 'OK' : 'broken'}:${name}`)
}
