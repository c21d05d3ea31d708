import { z } from 'zod'
import { SECOND_MS } from '../../market/time.ts'
import { FARM_NAMES, type Farm, farmNotice, type Outage } from '../farms.ts'
import type { Message } from '../fields.ts'
import { error, NO_ID } from '../messages/session.ts'
import type { StreamKind } from '../subscriptions.ts'
import { entry, type FaultEntry } from './entry.ts'
import type { Fault, Scene } from './fault.ts'

/** Tells every client something that belongs to no request. */
const notify = (scene: Scene, code: number, text: string): void => tell(scene, error(NO_ID, code, text))

function tell({ lines }: Scene, message: Message): void {
  for (const { client } of lines()) if (client.id !== null) client.send(message)
}

const LOST = 'Connectivity between IB and Trader Workstation has been lost.'
const RESTORED = {
  1101: 'Connectivity between IB and Trader Workstation has been restored - data lost.',
  1102: 'Connectivity between IB and Trader Workstation has been restored - data maintained.',
}

/** What needs the farm of historical data. */
const HISTORY = ['historicalData', 'headTimestamp', 'historicalTicks']
/** What comes from the servers of IB, and the requests for it. */
const UPSTREAM = [
  ...[...HISTORY, 'historicalDataUpdate', 'marketData', 'tickPrice', 'tickSize', 'tickString', 'tickGeneric'],
  ...['realTimeBars', 'realTimeBar', 'tickByTick', 'contractDetails', 'matchingSymbols'],
]

const STREAMS: readonly StreamKind[] = ['marketData', 'realTimeBars', 'tickByTick', 'keepUpToDate']

/** IB knows of no subscription any more: clients have to ask again. */
function loseStreams({ lines }: Scene): void {
  for (const { client } of lines())
    for (const kind of STREAMS)
      for (const id of client.subscriptions.ids(kind)) client.subscriptions.stop(kind, id)
}

function linkLost(restored: 1101 | 1102 | null, repeatSeconds: number): Fault {
  let [stop, endOutage] = [() => {}, () => {}]
  const repeat = (scene: Scene) => {
    notify(scene, 1100, LOST)
    stop = scene.tws.clock.after(repeatSeconds * SECOND_MS, () => repeat(scene))
  }
  return {
    kind: 'spell',
    begin(scene) {
      endOutage = beginOutage(scene, 'link')
      repeat(scene)
    },
    end(scene) {
      stop()
      endOutage()
      if (restored === 1101) loseStreams(scene)
      if (restored !== null) notify(scene, restored, RESTORED[restored])
      scene.tws.desk.linkRestored()
    },
    of: UPSTREAM,
    hear: unanswered,
    say: () => [],
  }
}

/** Whoever connects meanwhile hears of it. Returns what ends it. */
function beginOutage({ tws, lines }: Scene, of: Outage['of']): () => void {
  const concerns: Outage['concerns'] = (client) => lines().some((line) => line.client === client)
  const outage = { of, concerns }
  tws.outages.add(outage)
  return () => void tws.outages.delete(outage)
}

function farmBroken(farm: Farm): Fault {
  let endOutage = () => {}
  return {
    kind: 'spell',
    begin(scene) {
      endOutage = beginOutage(scene, farm)
      tell(scene, farmNotice(farm, 'broken'))
    },
    end(scene) {
      endOutage()
      tell(scene, farmNotice(farm, 'ok'))
    },
    of: farm === 'history' ? HISTORY : [],
    hear: unanswered,
    say: () => [],
  }
}

/** The request is taken, and nothing comes of it. */
const unanswered = (): boolean => false

/** What the terminal tells of the world beyond it. */
export const NOTICE_FAULTS = {
  linkLost: entry(
    'the link to IB is lost (1100, repeated), and restored: with data lost (1101), maintained (1102) or without a word',
    {
      restored: z.union([z.literal(1101), z.literal(1102), z.null()]).default(1102),
      repeatSeconds: z.number().positive().default(10),
    },
    ({ restored, repeatSeconds }) => linkLost(restored, repeatSeconds),
  ),
  farmBroken: entry(
    'a data farm breaks (2103, 2105, 2157) and comes back (2104, 2106, 2158); without that of history no request for it is answered',
    { farm: z.enum(FARM_NAMES).default('history') },
    ({ farm }) => farmBroken(farm),
  ),
  farmsInactive: entry('the farms rest until they are needed (2107, 2108): no fault at all', {}, () => ({
    kind: 'spell',
    begin(scene) {
      notify(scene, 2107, 'HMDS data farm connection is inactive but should be available upon demand.ushmds')
      notify(
        scene,
        2108,
        'Market data farm connection is inactive but should be available upon demand.usfarm',
      )
    },
  })),
  notice: entry(
    'every client is told a code and a text of your own',
    { code: z.number().int(), text: z.string().default('a notice') },
    ({ code, text }) => ({ kind: 'spell', begin: (scene) => notify(scene, code, text) }),
  ),
  requestLost: entry('a request is never answered', {}, () => ({ kind: 'strike', hear: unanswered })),
  requestRefused: entry(
    'a request is answered by an error of your own',
    { code: z.number().int(), text: z.string().default('refused by a fault') },
    ({ code, text }) => ({
      kind: 'strike',
      hear({ about, line }) {
        line.client.send(error(about.requestId ?? NO_ID, code, text))
        return false
      },
    }),
  ),
} as const satisfies Record<string, FaultEntry>
