import { getGateway } from '../openapi/gateway.ts'
import { isoInstant } from '../src/market/time.ts'
import type { AppDeps } from './deps.ts'
import { type Route, route } from './route.ts'

export const gatewayRoutes = ({ gateway, pacing }: AppDeps): Route[] => [
  route(getGateway).to(async () => {
    const { since, ...status } = gateway.status()
    const { nextFreeAt, ...usage } = await pacing.usage()
    return {
      status: 200,
      body: {
        ...status,
        since: isoInstant(since),
        simulated: gateway.simulated,
        pacing: { ...usage, nextFreeAt: isoInstant(nextFreeAt) },
      },
    }
  }),
]
