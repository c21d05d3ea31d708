import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { epochMs } from '../../src/market/time.ts'
import type { Payload, QueueRunner, Task } from '../../src/ports/queue.ts'
import type { Stores } from '../../src/ports/stores.ts'

interface Subject {
  readonly stores: Pick<Stores, 'queue' | 'transaction'>
  /** A runner as another process would have it. */
  readonly runner: () => QueueRunner
}

/** A promise, and the function that resolves it. */
function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

const WAIT = { timeout: 10_000, interval: 20 }

/** What any queue and its runner do. `open` gives an empty queue, asked for before each test. */
export function queueContract(open: () => Promise<Subject>): void {
  let subject: Subject
  let runner: QueueRunner
  let seen: Payload[]

  beforeEach(async () => {
    subject = await open()
    runner = subject.runner()
    seen = []
  })
  afterEach(() => runner.stop())

  const note: Task = async (payload) => {
    seen.push(payload)
  }

  test('jobs run with the payload they were given, whether they were added before or after the start', async () => {
    await subject.stores.queue.add('note', { chunk: 'a', at: 1 }, 'a')
    await runner.start({ note })
    await subject.stores.queue.add('note', { chunk: 'b', at: null }, 'b')
    await vi.waitFor(() => expect(seen).toHaveLength(2), WAIT)
    expect(seen).toContainEqual({ chunk: 'a', at: 1 })
    expect(seen).toContainEqual({ chunk: 'b', at: null })
  })

  test('a job with the key of one that has not started replaces it', async () => {
    await subject.stores.queue.add('note', { version: 1 }, 'same')
    await subject.stores.queue.add('note', { version: 2 }, 'same')
    await subject.stores.queue.add('note', { version: 3 }, 'other')
    await runner.start({ note })
    await vi.waitFor(() => expect(seen).toHaveLength(2), WAIT)
    expect(seen).not.toContainEqual({ version: 1 })
  })

  test('a job joins the transaction that adds it', async () => {
    const undone = subject.stores.transaction(async ({ queue }) => {
      await queue.add('note', { kept: false }, 'a')
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await subject.stores.transaction(({ queue }) => queue.add('note', { kept: true }, 'b'))
    await runner.start({ note })
    await vi.waitFor(() => expect(seen).toEqual([{ kept: true }]), WAIT)
  })

  test('a job that fails runs again', async () => {
    let attempts = 0
    await runner.start({
      async flaky() {
        if (++attempts === 1) throw new Error('the first time')
      },
    })
    await subject.stores.queue.add('flaky', {}, 'flaky')
    await vi.waitFor(() => expect(attempts).toBe(2), WAIT)
  })

  test('jobs of one line run one after another, in their order', async () => {
    const running = new Set<unknown>()
    let most = 0
    const slow: Task = async (payload) => {
      running.add(payload)
      most = Math.max(most, running.size)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running.delete(payload)
      seen.push(payload)
    }
    for (let i = 0; i < 5; i++) await subject.stores.queue.add('slow', { i }, `${i}`, { line: 'a' })
    await runner.start({ slow })
    await vi.waitFor(() => expect(seen).toHaveLength(5), WAIT)
    expect(most).toBe(1)
    expect(seen).toEqual([0, 1, 2, 3, 4].map((i) => ({ i })))
  })

  test('a job does not run before its time, and is run sooner when it is added again for sooner', async () => {
    const now = Date.now()
    await subject.stores.queue.add('note', { id: 'soon' }, 'soon', { at: epochMs(now + 700) })
    await subject.stores.queue.add('note', { id: 'late' }, 'late', { at: epochMs(now + 3_600_000) })
    await runner.start({ note })
    await vi.waitFor(() => expect(seen).toEqual([{ id: 'soon' }]), WAIT)
    expect(Date.now()).toBeGreaterThanOrEqual(now + 700)
    await subject.stores.queue.add('note', { id: 'late' }, 'late')
    await vi.waitFor(() => expect(seen).toEqual([{ id: 'soon' }, { id: 'late' }]), WAIT)
  })

  test('a job that is added again while it runs runs once more', async () => {
    const started = gate()
    const release = gate()
    await runner.start({
      async slow(payload) {
        seen.push(payload)
        started.open()
        await release.passed
      },
    })
    await subject.stores.queue.add('slow', { turn: 1 }, 'same', { line: 'a' })
    await started.passed
    await subject.stores.queue.add('slow', { turn: 2 }, 'same', { line: 'a' })
    await subject.stores.queue.add('slow', { turn: 3 }, 'same', { line: 'a' })
    release.open()
    await vi.waitFor(() => expect(seen).toEqual([{ turn: 1 }, { turn: 3 }]), WAIT)
  })

  test('a start frees the jobs of its own tasks, and no other ones', async () => {
    const started = gate()
    const release = gate()
    const busy: Task = async (payload) => {
      seen.push(payload)
      started.open()
      await release.passed
    }
    await runner.start({ busy })
    await subject.stores.queue.add('busy', { id: 1 }, 'busy')
    await started.passed
    const other = subject.runner()
    await other.start({ note })
    await subject.stores.queue.add('note', { id: 2 }, 'note')
    await vi.waitFor(() => expect(seen).toEqual([{ id: 1 }, { id: 2 }]), WAIT)
    release.open()
    await other.stop()
  })

  test('stopping aborts the signal of a running job and waits for it', async () => {
    let ended = false
    const started = gate()
    await runner.start({
      async patient(_payload, signal) {
        started.open()
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        ended = true
      },
    })
    await subject.stores.queue.add('patient', {}, 'patient')
    await started.passed
    await runner.stop()
    expect(ended).toBe(true)
  })

  test('a job that does not heed its signal holds nobody up, and the next process runs it', async () => {
    const started = gate()
    const release = gate()
    await runner.start({
      deaf() {
        started.open()
        return release.passed
      },
    })
    await subject.stores.queue.add('deaf', { id: 1 }, 'deaf')
    await started.passed
    const begun = performance.now()
    await runner.stop()
    expect(performance.now() - begun).toBeLessThan(2_500)
    const next = subject.runner()
    await next.start({ deaf: note })
    await vi.waitFor(() => expect(seen).toEqual([{ id: 1 }]), WAIT)
    await next.stop()
    release.open()
  })
}
