import { onTestFinished, vi } from 'vitest'
import { openAlerts } from '../../src/alerts.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { IbBroker } from '../../src/gateway/ibBroker.ts'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { type Clock, epochMs, parseInstant, plus } from '../../src/market/time.ts'
import type { BrokerReport } from '../../src/ports/broker.ts'
import { PAPER_ACCOUNT } from '../../src/simulator/account.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import { DEFAULT_SWITCHES } from '../../src/simulator/switches.ts'
import { Tws } from '../../src/simulator/tws.ts'
import type { BrokerUnderTest } from '../contracts/broker.ts'
import { Terminal } from '../soak/terminal.ts'
import { Trace } from '../soak/trace.ts'
import { VirtualClock } from '../soak/virtualClock.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { silentLog, simulatorFor } from '../support/simulator.ts'

const START = parseInstant('2024-06-03T15:00:00Z')
const CLIENT_ID = 17

/** A broker whose simulator is at hand: to break it, and to ask it what is so. */
export interface SimulatedBroker extends BrokerUnderTest {
  readonly tws: Tws
  readonly terminal: Terminal
  readonly gateway: Gateway
  readonly clock: VirtualClock
}

interface Edges {
  readonly market: Clock
  readonly machine: Clock
  readonly address: ConstructorParameters<typeof Gateway>[0]['address']
}

function brokerOver({ market, machine, address }: Edges) {
  const edges = { market, machine, log: silentLog }
  const gateway = new Gateway({ ...edges, address, random: () => 0.5, alerts: openAlerts(edges) })
  const broker = new IbBroker({ ...edges, gateway, clientId: CLIENT_ID, account: null })
  const reports: BrokerReport[] = []
  broker.onReport((report) => reports.push(report))
  const stopping = new AbortController()
  void gateway.run(stopping.signal)
  onTestFinished(() => stopping.abort())
  return { gateway, broker, reports }
}

/** The simulator as a server of its own, its market twenty times as fast. */
export async function overTcp(): Promise<BrokerUnderTest> {
  const fast = hurriedClock(20)
  const begun = fast.now()
  const market = { ...fast, now: () => plus(START, fast.now() - begun) }
  const simulator = await simulatorFor({ clock: market })
  const address = { host: '127.0.0.1', port: simulator.port, clientId: CLIENT_ID }
  const under = brokerOver({ market, machine: machineClock, address })
  const until = (check: () => boolean) => vi.waitUntil(check, { timeout: 15_000, interval: 5 })
  await until(() => under.broker.session !== null)
  return { ...under, until: async (check) => void (await until(check)), settled: (promise) => promise }
}

/** The simulator in this process, at the end of a line in memory, all of it on one virtual clock. */
export async function overMemory(): Promise<SimulatedBroker> {
  const clock = new VirtualClock(START)
  const trace = new Trace(clock)
  const tws = new Tws({
    ...{ market: generatedMarket({ seed: 1 }), clock, machine: clock, accounts: [PAPER_ACCOUNT] },
    ...{ switches: DEFAULT_SWITCHES, log: silentLog },
  })
  const terminal = new Terminal({ tws, clock, random: seededRandom(1), trace, isLost: () => false })
  const address = { host: 'tws', port: 4002, clientId: CLIENT_ID, dial: terminal.dial }
  const under = brokerOver({ market: clock, machine: clock, address })
  const until = async (check: () => boolean): Promise<void> => {
    for (const end = clock.now() + 600_000; !check() && clock.now() < end; )
      await clock.runUntil(epochMs(clock.now() + 20))
    if (!check()) throw new Error('it did not come to be so within ten minutes')
  }
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false
    const settle = () => {
      isSettled = true
    }
    promise.then(settle, settle)
    await until(() => isSettled)
    return promise
  }
  await until(() => under.broker.session !== null)
  return { ...under, until, settled, tws, terminal, clock }
}
