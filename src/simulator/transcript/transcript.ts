import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { invalid, messageOf } from '../../errors.ts'

/** One line of a transcript: a message of one side, or its hanging up. */
export interface TranscriptEntry {
  /** Market time, ISO 8601 in UTC. */
  readonly at: string
  /** Connections count from 1. */
  readonly connection: number
  readonly from: 'client' | 'server'
  /** A client's first message is its offer of versions, the server's first is its hello. None: it hangs up. */
  readonly fields: readonly string[]
}

/** An entry and the line of the file where it stands. */
export interface TranscriptLine extends TranscriptEntry {
  readonly line: number
}

const ENTRY = z.strictObject({
  at: z.iso.datetime(),
  connection: z.number().int().positive(),
  from: z.enum(['client', 'server']),
  fields: z.array(z.string()),
})

export const transcriptLine = (entry: TranscriptEntry): string => `${JSON.stringify(entry)}\n`

/** Reads a transcript, JSON lines. Throws `invalid` with file and line. */
export async function readTranscript(file: string): Promise<TranscriptLine[]> {
  const text = await readFile(file, 'utf8')
  return text
    .split('\n')
    .flatMap((json, i) => (json === '' ? [] : [{ ...entryOf(json, `${file}:${i + 1}`), line: i + 1 }]))
}

function entryOf(json: string, place: string): TranscriptEntry {
  try {
    return ENTRY.parse(JSON.parse(json))
  } catch (fault) {
    throw invalid(`${place} is no line of a transcript: ${messageOf(fault)}`)
  }
}
