import type { IBApi } from '@stoqey/ib'
import { overload } from './overload.ts'
import { withQuotedJson } from './quotedJson.ts'

/** Half an hour of seconds is 0.2 MB, and nothing that we ask for is larger; TWS itself would go up to 16 MiB. */
const MAX_FRAME_BYTES = 0x100000
const HEADER_BYTES = 4

/** The part of the library's socket that the guard leans on. Version 1.6.10; a test fails when it moves. */
interface LibrarySocket {
  onData(data: Buffer): void
  _v100MessageBuffer: Buffer
  client?: {
    readonly writableLength?: number
    setNoDelay(on: boolean): void
    destroy(): void
    cork?(): void
    uncork?(): void
  }
}

function librarySocket(api: IBApi): LibrarySocket {
  const socket = (api as unknown as { controller?: { socket?: Partial<LibrarySocket> } }).controller?.socket
  if (typeof socket?.onData !== 'function' || !Buffer.isBuffer(socket._v100MessageBuffer)) {
    throw new Error('@stoqey/ib has changed: its socket is not where the frame guard expects it')
  }
  return socket as LibrarySocket
}

/**
 * Stands between the wire and the library, and hands on whole frames only. A frame length that is not in 1..0xFFFFFF
 * would hang the library for ever, and what its decoder throws would end the process: both become `onBroken`, once, and
 * no byte is passed on after it.
 */
export function guardFrames(api: IBApi, onData: () => void, onBroken: (reason: string) => void): void {
  const socket = librarySocket(api)
  const decode = socket.onData.bind(socket)
  let rest: Buffer = Buffer.alloc(0)
  let broken = false
  const fail = (reason: string): void => {
    broken = true
    onBroken(reason)
  }
  /** Says what is wrong with the bytes, or null. */
  const take = (bytes: Buffer): string | null => {
    const length = badLength(bytes)
    if (length !== null) return `a frame announces ${length} bytes`
    let taken = 0
    for (const frame of wholeFrames(bytes)) {
      const content = overload(frame.subarray(HEADER_BYTES))
      if (content !== null) return content
      decode(withQuotedJson(frame))
      taken += frame.length
    }
    rest = bytes.subarray(taken)
    return null
  }
  socket.onData = (data) => {
    if (broken) return
    onData()
    try {
      const reason = take(rest.length === 0 ? data : Buffer.concat([rest, data]))
      if (reason !== null) fail(reason)
    } catch (error) {
      fail(`a message cannot be decoded: ${(error as Error).message}`)
    }
  }
}

/** Small messages leave at once: an order must not wait for the next one. */
export const sendAtOnce = (api: IBApi): void => librarySocket(api).client?.setNoDelay(true)

/** Ends the TCP connection now, whatever state the library believes it is in. */
export const destroySocket = (api: IBApi): void => librarySocket(api).client?.destroy()

/** What `write` sends leaves in one piece: a process that dies leaves all of it behind or nothing. */
export function inOnePiece(api: IBApi, write: () => void): void {
  const { client } = librarySocket(api)
  client?.cork?.()
  try {
    write()
  } finally {
    client?.uncork?.()
  }
}

/** What waits in this process for TWS to read it. */
export const unsentBytes = (api: IBApi): number => librarySocket(api).client?.writableLength ?? 0

/** Walks the frame headers. Returns the first impossible length, or null. */
export function badLength(bytes: Buffer): number | null {
  let at = 0
  while (bytes.length - at >= HEADER_BYTES) {
    const length = bytes.readInt32BE(at)
    if (length <= 0 || length > MAX_FRAME_BYTES) return length
    at += HEADER_BYTES + length
  }
  return null
}

function* wholeFrames(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; bytes.length - at >= HEADER_BYTES; ) {
    const end = at + HEADER_BYTES + bytes.readInt32BE(at)
    if (end > bytes.length) return
    yield bytes.subarray(at, end)
    at = end
  }
}
