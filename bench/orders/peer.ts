import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Asked, Sample, Told } from './wire.ts'

const file = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

/** The other side of the wire and the bare echo, each a process of its own. */
export class Peer {
  readonly port: number
  readonly #tws: ChildProcess
  readonly #told: AsyncIterator<[Told]>

  private constructor(tws: ChildProcess, told: AsyncIterator<[Told]>, port: number) {
    this.#tws = tws
    this.#told = told
    this.port = port
  }

  static async start(day: number): Promise<Peer> {
    const tws = fork(file('tws'), [String(day)])
    const told = on(tws, 'message', { close: ['exit'] }) as AsyncIterator<[Told]>
    const echo = await next(told, 'listens')
    const listens = await next(told, 'listens')
    fork(file('echo'), [String(echo.at)])
    return new Peer(tws, told, listens.at)
  }

  /** Closes a candle. */
  async pass(asked: Asked): Promise<Sample | null> {
    this.#tws.send(asked)
    return (await next(this.#told, 'passed')).sample
  }

  stop(): void {
    this.#tws.disconnect()
  }
}

async function next<K extends Told['kind']>(
  told: AsyncIterator<[Told]>,
  kind: K,
): Promise<Extract<Told, { kind: K }>> {
  const { value, done } = await told.next()
  if (done) throw new Error('the other side of the wire has ended')
  const [heard] = value
  if (heard.kind !== kind) throw new Error(heard.kind === 'failed' ? heard.reason : `it tells ${heard.kind}`)
  return heard as Extract<Told, { kind: K }>
}
