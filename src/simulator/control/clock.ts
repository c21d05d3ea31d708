import { z } from 'zod'
import type { SteerableClock } from '../../clock/steerable.ts'
import { conflict, invalid } from '../../errors.ts'
import { parseInstant, plus, SECOND_MS } from '../../market/time.ts'
import { clockReport } from '../status.ts'
import { bodyOf, type ControlRoute, json } from './route.ts'

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
  if (step !== undefined) clock.jump(plus(clock.now(), Math.round(step * SECOND_MS)))
  if (jump !== undefined) jumpTo(clock, jump)
}

/** A market cannot take back what its clients have seen. */
function jumpTo(clock: SteerableClock, instant: string): void {
  const to = parseInstant(instant)
  if (to < clock.now())
    throw invalid('The body cannot be used.', {
      issues: [{ path: '/jump', message: 'is past: the market never goes back' }],
    })
  clock.jump(to)
}
