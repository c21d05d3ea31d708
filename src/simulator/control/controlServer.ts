import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { control } from './control.ts'
import { type ControlAnswer, type ControlDeps, json } from './route.ts'

/** The control port's half of the server: it is handed the connections that speak HTTP. */
export const controlServer = (deps: ControlDeps): Server =>
  createServer((request, response) => void answer(request, response, deps))

async function answer(request: IncomingMessage, response: ServerResponse, deps: ControlDeps): Promise<void> {
  const body = await bodyOf(request)
  if (body === 'cut') return void request.destroy()
  const { status, type, text } = answerTo(request, body, deps)
  response.writeHead(status, { 'content-type': type, connection: 'close' }).end(text)
}

function answerTo(request: IncomingMessage, body: Exclude<Body, 'cut'>, deps: ControlDeps): ControlAnswer {
  const { method = 'GET', url = '/' } = request
  if (isForeign(request)) return json({ error: 'a page of another site may not speak here' }, 403)
  if (body === 'too long') return json({ error: `the body is longer than ${MAX_BODY_BYTES} bytes` }, 413)
  return control({ method, path: url.split('?')[0]!, body: body.text }, deps)
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

/** `cut` when the connection broke: nobody is left to be answered. */
type Body = { readonly text: string } | 'too long' | 'cut'

/** A request's body. One that is too long is read to its end and forgotten: before that nobody reads an answer. */
async function bodyOf(request: AsyncIterable<Buffer>): Promise<Body> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request) {
      bytes += chunk.length
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
    }
  } catch {
    return 'cut'
  }
  return bytes > MAX_BODY_BYTES ? 'too long' : { text: Buffer.concat(chunks).toString('utf8') }
}
