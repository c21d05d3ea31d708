import type { Log } from '../log.ts'
import { type Clock, type EpochMs, MINUTE_MS } from '../market/time.ts'
import type { CodeAction } from './errorCodes.ts'

/** TWS repeats itself every few seconds while something is wrong: each code is told once a minute. */
const TELL_EVERY_MS = MINUTE_MS

interface NoticeLogDeps {
  readonly machine: Clock
  readonly log: Log
}

/** Writes what TWS says into the log. */
export function noticeLog({ machine, log }: NoticeLogDeps) {
  const toldAt = new Map<number, EpochMs>()
  return ({ does }: CodeAction, code: number, text: string): void => {
    const now = machine.now()
    const before = toldAt.get(code)
    if (before !== undefined && now - before < TELL_EVERY_MS) return
    toldAt.set(code, now)
    log.info({ code, text, does }, 'TWS says')
  }
}
