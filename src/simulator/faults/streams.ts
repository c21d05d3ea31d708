import { z } from 'zod'
import { encode } from '../fields.ts'
import { currentTime, error } from '../messages/session.ts'
import { drawn, entry, type FaultEntry, range } from './entry.ts'
import { atOnce } from './fault.ts'

const UPDATE = ['historicalDataUpdate']

const BUST_EVENT =
  'Bust event occurred, current subscription is deactivated. Please resubscribe real-time bars immediately'

/** What can be wrong with what comes of itself. */
export const STREAM_FAULTS = {
  updatesSilent: entry('the bars that keep up to date stop coming, without a word', {}, () => ({
    kind: 'strike',
    of: UPDATE,
    say({ about, line }) {
      line.asked.silence(about.requestId!)
      return []
    },
  })),
  updateSkipped: entry('an update of a bar that keeps up to date is left out', {}, () => ({
    kind: 'strike',
    of: UPDATE,
    say: () => [],
  })),
  updateRepeated: entry('an update of a bar that keeps up to date comes twice', {}, () => ({
    kind: 'strike',
    of: UPDATE,
    say: (_message, bytes) => [atOnce(bytes), atOnce(bytes)],
  })),
  bustEvent: entry(
    'real-time bars are deactivated (10225): none comes until they are asked for anew',
    {},
    () => ({
      kind: 'strike',
      of: ['realTimeBar'],
      say({ about, line }) {
        line.asked.silence(about.requestId!)
        return [atOnce(encode(error(about.requestId!, 10225, BUST_EVENT)))]
      },
    }),
  ),
  accountDelay: entry(
    'what the account says of its positions and its books comes late',
    { milliseconds: range(5_000) },
    ({ milliseconds }) => ({
      kind: 'strike',
      of: [
        'position',
        'positionMulti',
        'portfolioValue',
        'accountValue',
        'accountSummary',
        'pnl',
        'pnlSingle',
      ],
      say: (_message, bytes, { random }) => [{ bytes, delayMs: drawn(milliseconds, random) }],
    }),
  ),
  wrongClock: entry(
    "the terminal's clock, as it is told, is ahead of the market's",
    { seconds: z.number().int() },
    ({ seconds }) => ({
      kind: 'strike',
      of: ['currentTime'],
      say: ({ fields }) => [atOnce(encode(currentTime(String(Number(fields[2]) + seconds))))],
    }),
  ),
} as const satisfies Record<string, FaultEntry>
