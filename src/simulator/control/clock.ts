import { z } from 'zod'
import type { SteerableClock } from '../../clock/steerable.ts'
import { conflict } from '../../errors.ts'
import { type EpochMs, parseInstant, plus, SECOND_MS } from '../../market/time.ts'
import { isMarketTime, NO_MARKET_TIME } from '../marketTime.ts'
import { clockReport } from '../status.ts'
import { bodyOf, type ControlRoute, json, unusable } from './route.ts'

/** Faster than that, timers of the machine would be all that it does. */
export const MAX_SPEED = 10_000

const CHANGES = {
  pause: z.literal(true),
  resume: z.literal(true),
  speed: z.number().positive().max(MAX_SPEED),
  step: z
    .number()
    .positive()
    .max(366 * 86_400),
  jump: z.iso.datetime({ offset: true }),
}

const change = z
  .strictObject(CHANGES)
  .partial()
  .refine((given) => Object.keys(given).length === 1, `must be one of ${Object.keys(CHANGES).join(', ')}`)

/** `GET` tells the time; `POST` takes one of `pause`, `resume`, `speed`, `step` (in seconds) and `jump`. */
export const clockRoutes: readonly ControlRoute[] = [
  { method: 'GET', path: '/clock', answer: (_request, deps) => json(clockReport(deps)) },
  {
    method: 'POST',
    path: '/clock',
    answer(request, deps) {
      const wanted = bodyOf(request, change)
      if (!deps.hands) throw conflict("this simulator's clock belongs to the service that it is part of")
      turn(deps.hands, wanted)
      return json(clockReport(deps))
    },
  },
]

function turn(clock: SteerableClock, { pause, resume, speed, step, jump }: z.output<typeof change>): void {
  if (pause) clock.pause()
  if (resume) clock.resume()
  if (speed !== undefined) clock.setSpeed(speed)
  if (step !== undefined) moveTo(clock, plus(clock.now(), Math.round(step * SECOND_MS)), '/step')
  if (jump !== undefined) moveTo(clock, parseInstant(jump), '/jump')
}

/** A market cannot take back what its clients have seen. */
function moveTo(clock: SteerableClock, to: EpochMs, path: string): void {
  if (to < clock.now()) throw unusable(path, 'is past: the market never goes back')
  if (!isMarketTime(to)) throw unusable(path, NO_MARKET_TIME)
  clock.jump(to)
}
