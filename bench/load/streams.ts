/** What one reader of the event stream has seen. */
export interface StreamSeen {
  readonly sequences: readonly number[]
  readonly reconnects: number
}

/** Reads the stream of events until the signal is aborted; after a break it resumes where it was. */
export async function stream(url: string, signal: AbortSignal): Promise<StreamSeen> {
  const sequences: number[] = []
  let reconnects = -1
  while (!signal.aborted) {
    reconnects++
    await read(url, sequences, signal).catch(() => {})
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return { sequences, reconnects: Math.max(0, reconnects) }
}

/** Not the frames that only say where the reader stands. */
const EVENT = /^id: (\d+)\nevent: /gm

async function read(url: string, sequences: number[], signal: AbortSignal): Promise<void> {
  const last = sequences.at(-1)
  const headers = last === undefined ? {} : { 'Last-Event-ID': String(last) }
  const answer = await fetch(`${url}/v1/events`, { headers, signal })
  if (!answer.ok || answer.body === null) throw new Error(`the stream answers ${answer.status}`)
  let text = ''
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const whole = text.lastIndexOf('\n\n')
    if (whole < 0) continue
    for (const [, id] of text.slice(0, whole + 1).matchAll(EVENT)) sequences.push(Number(id))
    text = text.slice(whole + 2)
  }
}

/** Sequences that a reader missed or had twice between its first and its last. */
export const brokenAt = ({ sequences }: StreamSeen, all: ReadonlySet<number>): number =>
  sequences.filter((sequence, i) => {
    const before = sequences[i - 1]
    if (before === undefined) return false
    if (sequence <= before) return true
    for (let between = before + 1; between < sequence; between++) if (all.has(between)) return true
    return false
  }).length
