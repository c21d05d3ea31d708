import { encode } from '../fields.ts'
import type { Switches } from '../switches.ts'
import { entry, type FaultEntry } from './entry.ts'
import { atOnce } from './fault.ts'

/** A switch of the terminal that is turned for a while. */
const switched = <Name extends keyof Switches>(does: string, name: Name, value: Switches[Name]): FaultEntry =>
  entry(does, {}, () => {
    let before = value
    return {
      kind: 'spell',
      begin({ tws }) {
        before = tws.switches[name]
        tws.turn({ [name]: value })
      },
      end({ tws }) {
        tws.turn({ [name]: before })
      },
    }
  })

/** States of a terminal that are no faults in themselves, at a time of the scenario's choice. */
export const STATE_FAULTS = {
  readOnly: switched('the API is read-only (321)', 'readOnly', true),
  competingSession: switched(
    'somebody else has logged in: there is no data (10197, 162)',
    'competingSession',
    true,
  ),
  liveAccount: entry('every account loses the D of its id: it looks like one with real money', {}, () => ({
    kind: 'strike',
    say({ fields }, _bytes, { tws }) {
      const paper = new RegExp(
        `\\bD(?=(${tws.books.ids.map((id) => id.replace(/^D/, '')).join('|')})\\b)`,
        'g',
      )
      return [atOnce(encode(fields.map((field) => field.replaceAll(paper, ''))))]
    },
  })),
  delayedData: switched('the login has delayed data alone', 'delayedData', true),
} as const satisfies Record<string, FaultEntry>
