// WEBHOOK_SECRET=whsec_… node docs/receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace('whsec_', ''), 'base64')
createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString()
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures = '' } = request.headers
  const right = Buffer.from(`v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`)
  const isRight = (given) => given.length === right.length && timingSafeEqual(Buffer.from(given), right)
  const isOurs = Math.abs(Date.now() / 1000 - at) < 300 && signatures.split(' ').some(isRight)
  if (isOurs) console.log(id, body)
  response.writeHead(isOurs ? 204 : 401).end()
}).listen(process.env.PORT ?? 9000, '127.0.0.1')
