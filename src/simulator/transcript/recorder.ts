import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { type Clock, isoInstant } from '../../market/time.ts'
import { type TranscriptEntry, transcriptLine } from './transcript.ts'

/** Keeps what clients and server say to each other. */
export interface Recorder {
  /** The number of a new connection. */
  open(): number
  note(connection: number, from: TranscriptEntry['from'], fields: () => readonly string[]): void
}

export const noRecorder: Recorder = { open: () => 0, note() {} }

export interface FileRecorder extends Recorder {
  /** Resolves when everything is in the file. */
  close(): Promise<void>
}

/**
 * Records into a file of its own, which is made anew. Rejects when it cannot be written. A disk that is full later on
 * ends the transcript, and not the market: `onFault` is told.
 */
export async function recordInto(
  file: string,
  clock: Pick<Clock, 'now'>,
  onFault: (fault: Error) => void,
): Promise<FileRecorder> {
  const out = createWriteStream(file)
  await once(out, 'open')
  out.on('error', onFault)
  let connections = 0
  return {
    open: () => ++connections,
    note: (connection, from, fields) =>
      void out.write(transcriptLine({ at: isoInstant(clock.now()), connection, from, fields: fields() })),
    async close() {
      if (out.destroyed) return
      out.end()
      await once(out, 'close')
    },
  }
}
