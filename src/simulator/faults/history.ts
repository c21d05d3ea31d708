import { z } from 'zod'
import { encode, type Message } from '../fields.ts'
import { hmdsError } from '../history/plan.ts'
import { error } from '../messages/session.ts'
import { drawn, entry, type FaultEntry, range } from './entry.ts'
import { atOnce, type Fault } from './fault.ts'
import { type HistoryAnswer, readHistory, withRows } from './historyAnswer.ts'
import * as rows from './rows.ts'

/** The messages that are sent instead of an answer, in their order. */
type Instead = (answer: HistoryAnswer, context: rows.RowContext) => readonly Message[]

const instead = (change: Instead): Fault => ({
  kind: 'strike',
  of: ['historicalData'],
  say(message, _bytes, { tws, random }) {
    const answer = readHistory(message.fields)
    return answer && change(answer, { now: tws.now(), random }).map((out) => atOnce(encode(out)))
  },
})

const changing = (does: string, change: rows.RowFault): FaultEntry =>
  entry(does, {}, () => instead((answer, context) => [withRows(answer, change(answer.rows, context))]))

const refusing = (text: string): FaultEntry =>
  entry(`a request for bars is refused: 162 \`${text}\``, {}, () =>
    instead(({ requestId }) => {
      const refusal = hmdsError(text)
      return [error(requestId, refusal.code, refusal.text)]
    }),
  )

/** A request id that nobody has given. */
const FOREIGN_ID = 2_000_000_000

/** Answers in pairs: each is sent under the request id of the other. The first waits for the second. */
function swapped(): Fault {
  let first: HistoryAnswer | null = null
  return instead((second) => {
    const held = first
    first = held === null ? second : null
    if (held === null) return []
    return [
      withRows({ ...held, requestId: second.requestId }, held.rows),
      withRows({ ...second, requestId: held.requestId }, second.rows),
    ]
  })
}

/** What can be wrong with an answer to a request for historical data. */
export const HISTORY_FAULTS = {
  noData: refusing('HMDS query returned no data'),
  pacingViolation: refusing('Historical data request pacing violation'),
  queryCancelled: refusing('API historical data query cancelled'),
  hmdsDisconnected: refusing('HMDS server disconnect occurred. Attempting reconnection...'),
  invalidStep: refusing('invalid step'),
  noPermissions: refusing('No market data permissions for ARCA STK'),
  otherAddress: refusing('Trading TWS session is connected from a different IP address'),
  unanswered: entry('a request for bars is never answered', {}, () => instead(() => [])),
  historyDelay: entry(
    'bars come later than they might, and may overtake each other',
    { milliseconds: range(5_000) },
    ({ milliseconds }) => ({
      kind: 'strike',
      of: ['historicalData'],
      say: (_message, bytes, { random }) => [{ bytes, delayMs: drawn(milliseconds, random) }],
    }),
  ),
  partialBars: entry(
    'only the first part of the bars comes',
    { share: z.number().min(0).max(1).default(0.5) },
    ({ share }) =>
      instead((answer) => [withRows(answer, answer.rows.slice(0, Math.floor(answer.rows.length * share)))]),
  ),
  emptyBars: changing('an answer without a bar', rows.empty),
  duplicateBars: changing('the last twenty bars come twice', rows.duplicated),
  shuffledBars: changing('the bars come in any order', rows.inDisorder),
  impossibleBars: changing('rows that can be no bars are among the bars', rows.impossible),
  formingBar: changing('a bar that has only begun is the last one', rows.forming),
  lateBars: changing('the seconds of the last twelve are missing or not final', rows.late),
  revisedBar: changing('the last bar is not final: a later answer revises it', rows.provisional),
  outOfHoursBars: changing('bars from outside the session are among the bars', rows.outOfHours),
  volumeInLots: changing('volumes are in lots of a hundred', rows.inLots),
  foreignId: entry('bars come under a request id that nobody gave', {}, () =>
    instead((answer) => [withRows({ ...answer, requestId: FOREIGN_ID }, answer.rows)]),
  ),
  swappedIds: entry('two answers come under the request id of each other', {}, swapped),
} as const satisfies Record<string, FaultEntry>
