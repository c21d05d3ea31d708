import { readFile } from 'node:fs/promises'
import { readBody } from '../openapi/read.ts'
import { traderConfig } from '../openapi/traderSettings.ts'
import { invalid, messageOf } from './errors.ts'
import type { SettingsChange } from './trading/settings.ts'

/** What the file of TRADER_CONFIG states. Rejects as `invalid`, an issue for each field that is wrong or unknown. */
export async function readTraderConfig(path: string): Promise<SettingsChange> {
  const reading = readBody(traderConfig, await readJsonFile(path))
  if (reading.ok) return reading.value
  throw invalid(`TRADER_CONFIG cannot be used: ${path}`, { issues: reading.faults })
}

async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw invalid(`TRADER_CONFIG cannot be read: ${path}: ${messageOf(error)}`)
  }
}
