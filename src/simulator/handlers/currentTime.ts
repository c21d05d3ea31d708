import type { Handler } from '../handler.ts'
import { currentTime as currentTimeMessage } from '../messages/session.ts'
import { epochSeconds } from '../wireTime.ts'

/** The market's clock in whole seconds. */
export const currentTime: Handler = (_fields, { client, tws }) =>
  client.send(currentTimeMessage(epochSeconds(tws.now())))
