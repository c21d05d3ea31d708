import { expect, onTestFinished, test } from 'vitest'
import type { HeldLease, Lease } from '../../src/ports/lease.ts'

/** What any lease does. `open` gives the same lease as other processes would see it, each time anew. */
export function leaseContract(open: () => Lease): void {
  const acquired = async (): Promise<HeldLease> => {
    const held = (await open().tryAcquire())!
    onTestFinished(() => held.release())
    return held
  }

  test('one process holds it, the others get nothing', async () => {
    await acquired()
    expect(await open().tryAcquire()).toBeNull()
    expect(await open().tryAcquire()).toBeNull()
  })

  test('of five that try at once one gets it', async () => {
    const held = await Promise.all(Array.from({ length: 5 }, () => open().tryAcquire()))
    const holders = held.filter((each) => each !== null)
    await Promise.all(holders.map((holder) => holder.release()))
    expect(holders).toHaveLength(1)
  })

  test('it is free again once released, and its epoch rises with every holder', async () => {
    const first = await acquired()
    expect([first.lost.aborted, first.isSure()]).toEqual([false, true])
    await first.release()
    expect([first.lost.aborted, first.isSure()]).toEqual([true, false])
    const second = await acquired()
    expect(second.epoch).toBeGreaterThan(first.epoch)
  })
}
