import { once } from 'node:events'
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

// The service as `npm start` assembles it, of which each step that outlives the process can be its end. It is loaded
// and waits, as one that takes over does, until a line tells it how to live.
const say = (line: string): void => void writeSync(1, `${line}\n`)
say('waits')
const [line] = (await once(process.stdin, 'data')) as [Buffer]
process.stdin.destroy()
const { spared, plant } = JSON.parse(String(line)) as Life
const planted = plant === null ? {} : PLANTS[plant]!()
const reaper = (point: string, side: 'before' | 'after'): boolean => {
  const step = `${side} ${point}`
  say(`passes ${step}`)
  if (spared === null || spared.includes(step)) return false
  say(`dies ${step}`)
  return true
}

const config = readConfig(process.env)
const { url } = await startService(config, 'crash points', createLog(config.logLevel), {
  ...planted,
  dial: mortalDial(config.simulator.attach!, reaper),
  stores: (stores) => mortalStores(planted.stores?.(stores) ?? stores, reaper),
})
say(`API ${url}`)
