import { getAccount } from '../openapi/account.ts'
import type { AppDeps } from './deps.ts'
import { heldPage } from './held.ts'
import { pageOfAll } from './page.ts'
import { type Route, route } from './route.ts'

export const accountRoutes = ({ trading }: AppDeps): Route[] => [
  route(getAccount).to(async ({ query }) => {
    const page = pageOfAll('account', await trading.accounts(), query, ({ account }) => account)
    return { status: 200, body: heldPage(trading, page) }
  }),
]
