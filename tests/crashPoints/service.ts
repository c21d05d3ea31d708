import { writeSync } from 'node:fs'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { startService } from '../../src/service.ts'
import { mortalStores } from './commits.ts'
import { mortalDial } from './frames.ts'
import { PLANTS } from './plants.ts'

/** How one process is to live. */
export interface Life {
  /** `before entry reserved`: steps that are not its end. Null when none is. */
  readonly spared: readonly string[] | null
  /** A bug of our own to put in. */
  readonly plant: string | null
}

// The service as `npm start` assembles it, of which each step that outlives the process can be its end.
const { spared, plant } = JSON.parse(process.argv[2]!) as Life
const planted = plant === null ? {} : PLANTS[plant]!()
const say = (line: string): void => void writeSync(1, `${line}\n`)
const reaper = (point: string, side: 'before' | 'after'): boolean => {
  const step = `${side} ${point}`
  say(`passes ${step}`)
  if (spared === null || spared.includes(step)) return false
  say(`dies ${step}`)
  return true
}

say('begins')
const config = readConfig(process.env)
const { url } = await startService(config, 'crash points', createLog(config.logLevel), {
  ...planted,
  dial: mortalDial(config.simulator.attach!, reaper),
  stores: (stores) => mortalStores(planted.stores?.(stores) ?? stores, reaper),
})
say(`API ${url}`)
