import { missing } from '../../errors.ts'
import { type ControlRoute, json } from './route.ts'

/** What can be done to a client from outside. */
export const clientRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/clients/{id}/disconnect',
    answer({ params }, { tws }) {
      const client = tws.clients.get(Number(params.id))
      if (!client) throw missing(`no client ${params.id} is connected`)
      client.end('disconnected by the control port')
      return json({ clientId: client.id })
    },
  },
]
