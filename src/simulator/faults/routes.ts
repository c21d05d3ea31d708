import { invalid, missing } from '../../errors.ts'
import { bodyOf, type ControlRoute, json } from '../control/route.ts'
import { FAULT_SCHEMA, planOf } from './scenario.ts'

/** Faults by the control port. `POST` takes what a scenario says of one fault, and answers its id. */
export const faultRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/faults',
    answer: (_request, { tws }) => json({ faults: tws.faults.report() }),
  },
  {
    method: 'POST',
    path: '/faults',
    answer: (request, { tws }) => json({ id: tws.faults.arm(planOf(bodyOf(request, FAULT_SCHEMA))) }, 201),
  },
  {
    method: 'DELETE',
    path: '/faults/{id}',
    answer({ params }, { tws }) {
      const id = Number(params.id)
      if (!Number.isSafeInteger(id)) throw invalid(`${params.id} is no id of a fault`)
      if (!tws.faults.disarm(id)) throw missing(`no fault has the id ${id}`)
      return json({ faults: tws.faults.report() })
    },
  },
]
