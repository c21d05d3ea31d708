import type { Switches } from '../switches.ts'
import { switchesSchema } from '../switchesSchema.ts'
import { bodyOf, type ControlRoute, json } from './route.ts'

/** `GET` tells how the switches stand; `POST` turns those that it names. */
export const switchRoutes: readonly ControlRoute[] = [
  { method: 'GET', path: '/switches', answer: (_request, { tws }) => json(tws.switches) },
  {
    method: 'POST',
    path: '/switches',
    answer(request, { tws }) {
      // JSON has no undefined, which is all that stands between the two types.
      tws.turn(bodyOf(request, switchesSchema) as Partial<Switches>)
      return json(tws.switches)
    },
  },
]
