import { type ContractQuery, readContract } from '../contract.ts'
import type { FieldReader } from '../fields.ts'

/** A request for historical data as it came, nothing checked but that its fields are there. */
export interface HistoryRequest {
  readonly id: number
  readonly contract: ContractQuery
  readonly endTime: string
  readonly step: string
  readonly duration: string
  readonly regularHours: boolean
  readonly whatToShow: string
  readonly formatDate: number
  readonly keepUpToDate: boolean
}

export function readHistoryRequest(fields: FieldReader): HistoryRequest {
  const id = fields.integer()
  const contract = readContract(fields)
  fields.skip(1) // include expired
  const [endTime, step, duration] = [fields.text(), fields.text(), fields.text()]
  const [regularHours, whatToShow, formatDate] = [fields.flag(), fields.text(), fields.integer()]
  if (contract.secType === 'BAG') skipLegs(fields)
  const keepUpToDate = fields.flag()
  return { id, contract, endTime, step, duration, regularHours, whatToShow, formatDate, keepUpToDate }
}

const FIELDS_OF_A_LEG = 4

function skipLegs(fields: FieldReader): void {
  for (let legs = fields.integer(); legs > 0; legs--) fields.skip(FIELDS_OF_A_LEG)
}
