import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { control } from './control.ts'
import { type ControlDeps, json } from './route.ts'

/** The control port's half of the server: it is handed the connections that speak HTTP. */
export const controlServer = (deps: ControlDeps): Server =>
  createServer((request, response) => void answer(request, response, deps))

async function answer(request: IncomingMessage, response: ServerResponse, deps: ControlDeps): Promise<void> {
  const body = await bodyText(request)
  if (body === null) return void request.destroy()
  const [path = '/'] = (request.url ?? '/').split('?')
  const { status, type, text } = isForeign(request)
    ? json({ error: 'a page of another site may not speak here' }, 403)
    : control({ method: request.method ?? 'GET', path, body }, deps)
  response.writeHead(status, { 'content-type': type, connection: 'close' }).end(text)
}

/**
 * The control port has no password: of browsers it hears its own page alone, and that by a name of this machine: a site
 * may have its own name lead here.
 */
const isForeign = ({ headers: { origin, host = '' } }: IncomingMessage): boolean =>
  origin !== undefined && (origin !== `http://${host}` || !OF_THIS_MACHINE.test(host))

const OF_THIS_MACHINE = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

/** Nothing that the control port takes is longer. */
const MAX_BODY_BYTES = 1_000_000

/** A request's body; null when it is too long, or its sender is gone. */
async function bodyText(request: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MAX_BODY_BYTES) return null
    }
  } catch {
    return null // the connection broke: nobody is left to be answered
  }
  return Buffer.concat(chunks).toString('utf8')
}
