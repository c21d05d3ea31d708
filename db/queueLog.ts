import { Logger } from 'graphile-worker'
import type { Log } from '../src/log.ts'

const LEVELS = { error: 'error', warning: 'warn', info: 'debug', debug: 'debug' } as const

/** The queue's own words in our log; its ordinary ones are details. */
export const queueLogger = (log: Log): Logger =>
  new Logger((scope) => (level, message) => log[LEVELS[level]]({ queue: scope }, message))
