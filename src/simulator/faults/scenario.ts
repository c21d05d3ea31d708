import { type ZodDiscriminatedUnion, z } from 'zod'
import { type EpochMs, parseInstant, SECOND_MS } from '../../market/time.ts'
import { ANSWERS, namesOf, REQUESTS } from '../kinds.ts'
import { ORDER_TYPES } from '../orders/terms.ts'
import { FAULTS } from './catalogue.ts'
import type { FaultEntry } from './entry.ts'
import type { FaultPlan } from './fault.ts'
import type { Faults } from './faults.ts'

const instant = z.string().transform((text, context): EpochMs => {
  try {
    return parseInstant(text)
  } catch {
    context.addIssue({ code: 'custom', message: 'is no instant like 2024-06-03T15:00:00Z' })
    return z.NEVER
  }
})

const seconds = z.number().positive().max(31_536_000)

/** What each fault of a scenario may say, whatever its kind. All times are the market's. */
const WHEN = {
  /** The instant at which it begins. */
  at: instant.optional(),
  /** Seconds from its arming to its beginning. */
  after: z.number().nonnegative().max(31_536_000).default(0),
  /** Seconds that it lasts; left out, until it is taken away. */
  for: seconds.optional(),
  /** Seconds from one beginning to the next. */
  every: seconds.optional(),
  /** Which happenings it is about. */
  on: z
    .strictObject({
      client: z.number().int().optional(),
      request: z.enum(namesOf(REQUESTS)).optional(),
      message: z.enum(namesOf(ANSWERS)).optional(),
      symbol: z.string().optional(),
      action: z.enum(['BUY', 'SELL']).optional(),
      orderType: z.enum(ORDER_TYPES).optional(),
    })
    .default({}),
  /** Each n-th of them. */
  nth: z.number().int().positive().default(1),
  /** So often at most. */
  times: z.number().int().positive().optional(),
  probability: z.number().gt(0).max(1).default(1),
}

const faultSchema = (name: string, { parameters, mustEnd }: FaultEntry) =>
  z.strictObject({
    fault: z.literal(name),
    ...WHEN,
    ...(mustEnd && { for: seconds }),
    with: parameters.prefault({}),
  })

type FaultSchema = ReturnType<typeof faultSchema>

const schemas = Object.entries(FAULTS).map(([name, entry]) => faultSchema(name, entry))

/** One fault with its time: the body of `POST /faults`, and an item of a scenario. */
export const FAULT_SCHEMA: ZodDiscriminatedUnion<[FaultSchema, ...FaultSchema[]]> = z.discriminatedUnion(
  'fault',
  schemas as [FaultSchema, ...FaultSchema[]],
)

/** A scenario file: YAML or JSON. */
export const SCENARIO_SCHEMA = z.strictObject({
  /** Decides what is left to chance. */
  seed: z.number().int().default(1),
  faults: z.array(FAULT_SCHEMA),
})

/** Makes a described fault ready to be armed. */
export const planOf = (described: z.output<typeof FAULT_SCHEMA>): FaultPlan => ({
  name: described.fault,
  fault: FAULTS[described.fault]!.make(described.with),
  trigger: {
    on: described.on,
    at: described.at ?? null,
    afterMs: described.after * SECOND_MS,
    lastsMs: described.for === undefined ? null : described.for * SECOND_MS,
    everyMs: described.every === undefined ? null : described.every * SECOND_MS,
    nth: described.nth,
    times: described.times ?? Number.POSITIVE_INFINITY,
    probability: described.probability,
  },
})

export type Scenario = z.output<typeof SCENARIO_SCHEMA>

export const armScenario = (faults: Faults, { seed, faults: described }: Scenario): void => {
  for (const fault of described) faults.arm(planOf(fault), seed)
}
