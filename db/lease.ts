import { Client } from 'pg'
import { unavailable } from '../src/errors.ts'
import type { Clock } from '../src/market/time.ts'
import type { HeldLease, Lease } from '../src/ports/lease.ts'
import { clientConfig } from './connect.ts'
import { guarded } from './errors.ts'
import { LOCK_SPACE, LOCKS } from './locks.ts'

interface LeaseDeps {
  readonly url: string
  /** Machine time. */
  readonly clock: Clock
  /** Who asks, for the eyes of an operator: host and process. */
  readonly holder: string
  /** Of what: to talk to TWS unless told otherwise, or to deliver webhooks. */
  readonly name?: 'tws' | 'webhooks'
}

/**
 * A right that one process has at a time. It is a session lock on a connection of its own: the server frees it the moment that
 * connection ends, and the holder gives it up when the connection breaks or misses a heartbeat.
 */
export const openLease = (deps: LeaseDeps): Lease => guarded({ tryAcquire: () => tryAcquire(deps) })

const HEARTBEAT_MS = 1_000
const ANSWER_DEADLINE_MS = 3_000
/** A holder that hangs, or whose network is gone, is put out by the server: others take over within 20 s. */
const SILENCE_MS = 8_000
/** A third of that: what was confirmed longer ago is not relied on for an order. */
const SURE_MS = SILENCE_MS / 3

const KEYS = { tws: LOCKS.lease, webhooks: LOCKS.webhooks } as const

async function tryAcquire({ url, clock, holder, name = 'tws' }: LeaseDeps): Promise<HeldLease | null> {
  const client = new Client({ ...leaseConfig(url), query_timeout: ANSWER_DEADLINE_MS })
  const lost = lossOf(client)
  const release = () => client.end()
  try {
    await client.connect()
    const epoch = await nextEpoch(client, holder, name)
    if (epoch !== null) return { epoch, ...beating(client, clock, lost), release }
  } catch (error) {
    await release()
    throw error
  }
  await release()
  return null
}

function leaseConfig(url: string) {
  const config = clientConfig(url, 'lease')
  return { ...config, options: `${config.options} -c idle_session_timeout=${SILENCE_MS}` }
}

const lossReason = () => unavailable('the lease ended with its connection to the database')

/** Aborted when the connection ends, whoever ends it. */
function lossOf(client: Client): AbortController {
  const lost = new AbortController()
  client.on('error', () => lost.abort(lossReason()))
  client.on('end', () => lost.abort(lossReason()))
  return lost
}

/** Null when somebody else holds the lock. */
async function nextEpoch(client: Client, holder: string, name: keyof typeof KEYS): Promise<number | null> {
  const { rows } = await client.query<{ epoch: number }>(
    `with lock as (select pg_try_advisory_lock($1, $2) as taken)
    insert into leases (name, epoch, holder, taken_at)
    select $4, 1, $3, clock_timestamp() from lock where taken
    on conflict (name) do update
      set epoch = leases.epoch + 1, holder = excluded.holder, taken_at = excluded.taken_at
    returning epoch::float8`,
    [LOCK_SPACE, KEYS[name], holder, name],
  )
  return rows[0]?.epoch ?? null
}

/** A connection that is half open tells nobody: it must answer now and then. */
function beating(client: Client, clock: Clock, lost: AbortController): Pick<HeldLease, 'lost' | 'isSure'> {
  // The lease lives from the moment at which the server has read a question: at the earliest when it was asked.
  let confirmedAt = clock.now()
  const beat = async () => {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, lost.signal)
      const askedAt = clock.now()
      await client.query('select')
      confirmedAt = askedAt
    }
  }
  beat().catch(() => {
    lost.abort(lossReason())
    client.end().catch(() => {}) // it is lost in any case
  })
  return { lost: lost.signal, isSure: () => !lost.signal.aborted && clock.now() - confirmedAt < SURE_MS }
}
