import { conflict } from '../src/errors.ts'
import { type EpochMs, epochMs, isoInstant, plus, SECOND_MS, type TimeRange } from '../src/market/time.ts'
import type { BadPrintPolicy, QuarantineItem, QuarantineState } from '../src/ports/quarantine.ts'
import { restoreDays } from './archives.ts'
import { lockBars, lockInstrument } from './locks.ts'
import { remakeRollups } from './rollupRepair.ts'
import type { Session, Transaction } from './session.ts'

/** Takes a suspected bar out of the candles, or lets it in, as a person says. Rejects with `conflict` what is no bar. */
export async function decide(
  transaction: Transaction,
  { kind, instrument, time }: QuarantineItem,
  decision: 'excluded' | 'released',
): Promise<void> {
  if (kind === 'badValue' || time === null) {
    throw conflict('this row cannot be a bar: it is in no candle, and nothing can be let in')
  }
  await lockBars(transaction, instrument.id, '1s', secondAt(time))
  await change(transaction, instrument.id, time, decision)
}

const OF_SECOND = `kind <> 'badValue' and instrument = $1 and size = 1 and time = $2`

/** Changes nothing where the decision holds already. */
async function change(
  transaction: Transaction,
  instrument: number,
  time: EpochMs,
  decision: QuarantineState,
): Promise<void> {
  const [[before] = [null]] = await transaction.rows<[QuarantineState]>(
    `select state from quarantine where ${OF_SECOND} for update`,
    [instrument, isoInstant(time)],
  )
  await transaction.rows(
    `update quarantine set state = $3, decided_by = 'person' where ${OF_SECOND} and (state, decided_by) <> ($3, 'person')`,
    [instrument, isoInstant(time), decision],
  )
  if ((before === 'excluded') !== (decision === 'excluded')) await follow(transaction, instrument, [time])
}

/** Brings the rollups in line with bars that went out of the candles or came back. */
export async function follow(
  transaction: Transaction,
  instrument: number,
  moved: readonly EpochMs[],
): Promise<void> {
  for (const time of moved) {
    const second = secondAt(time)
    await restoreDays(transaction, instrument, second)
    await remakeRollups(transaction, instrument, second)
  }
}

const secondAt = (time: EpochMs): TimeRange => ({ from: time, to: plus(time, SECOND_MS) })

/** Lets the policy decide where nobody has. Instrument by instrument, as an ingest would. */
export async function applyPolicy(session: Session, policy: BadPrintPolicy): Promise<number> {
  const state = policy === 'exclude' ? 'excluded' : 'flagged'
  const due = `kind = 'badPrint' and decided_by = 'policy' and state <> '${state}'`
  const instruments = await session.rows<[number]>(`select distinct instrument from quarantine where ${due}`)
  let changed = 0
  for (const [instrument] of instruments) {
    changed += await session.atomically(async (transaction) => {
      await lockInstrument(transaction, instrument)
      const moved = await transaction.rows<[number]>(
        `update quarantine set state = '${state}' where ${due} and instrument = $1
        returning date_part('epoch', time)`,
        [instrument],
      )
      const times = moved.map(([seconds]) => epochMs(seconds * SECOND_MS))
      await follow(transaction, instrument, times)
      return times.length
    })
  }
  return changed
}
