import { z } from 'zod'
import { NEWEST_VERSION, OLDEST_VERSION } from './handshake.ts'
import type { Switches } from './switches.ts'

const milliseconds = z.number().int().nonnegative().max(86_400_000)
const count = z.number().int().nonnegative().max(100_000)

const ALL = {
  maxVersion: z.number().int().min(OLDEST_VERSION).max(NEWEST_VERSION),
  pacing: z.enum(['strict', 'delay', 'disconnect', 'off']),
  refusedCount: z.boolean(),
  messageRate: z.enum(['strict', 'off']),
  rateWarnings: count.min(1),
  idInUseCloses: z.boolean(),
  completedOfOthers: z.boolean(),
  smallBarsExpire: z.boolean(),
  quietBars: z.enum(['missing', 'flat']),
  splitAdjusted: z.boolean(),
  regularHoursReach: z.enum(['clock', 'trading']),
  newestBarsLagMs: milliseconds,
  newestBarsUnsettledMs: milliseconds,
  keepUpToDateEveryMs: milliseconds.min(1),
  lastUpdate: z.enum(['sent', 'skipped']),
  delayedData: z.boolean(),
  delayedAvailable: z.boolean(),
  dataLines: count,
  tickByTickLines: count,
  snapshotMs: milliseconds,
  historyDelayMs: milliseconds,
  readOnly: z.boolean(),
  competingSession: z.boolean(),
  masterClientId: z.number().int().nonnegative().nullable(),
  emptyTransmits: z.boolean(),
  openOrdersAtConnect: z.enum(['before', 'after', 'never']),
  fillShare: z.number().positive().max(1),
  maxUnreadBytes: z.number().int().positive(),
} satisfies { [Name in keyof Switches]-?: z.ZodType<Switches[Name]> }

/** Some of the switches, each with a value that it has. */
export const switchesSchema = z.strictObject(ALL).partial()
