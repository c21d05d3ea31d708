import { execFile } from 'node:child_process'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createApp } from '../routes/app.ts'
import { type Listening, listen } from '../routes/serve.ts'
import { machineClock } from '../src/clock/machine.ts'
import { createLog } from '../src/log.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { depsOf } from '../tests/openapi/memory.ts'
import { type Measured, measure, measuredOnce } from './ratio.ts'
import type { Workbench } from './workbench.ts'

const MONTH = { from: '2013-03-01T00:00:00Z', to: '2013-04-01T00:00:00Z' }

/** H4: a month of seconds as CSV over HTTP against psql writing its table to a file. */
export async function csvSpeed(bench: Workbench, { id, symbol }: Instrument): Promise<Measured> {
  const server = await serve(bench)
  let lines = 0
  const run = promisify(execFile)
  const rows = `select * from second_bars where instrument = ${id} and time >= '${MONTH.from}' and time < '${MONTH.to}'`
  const copy = `\\copy (${rows} order by time) to '${join(bench.folder, 'month.csv')}' with (format csv, header)`
  const { from, to } = MONTH
  return measure(
    {
      id: 'H4',
      what: 'a month of seconds as CSV over HTTP',
      yardstick: 'psql \\copy to a file',
      bound: 'atLeast',
      gate: 0.7,
      target: 1,
    },
    {
      prepare: async () => {},
      async yardstick() {
        const { stdout } = await run('psql', [bench.url, '--no-psqlrc', '--command', copy])
        lines = Number(stdout.replace(/\D/g, ''))
      },
      async ours() {
        lines = (await linesOf(server, `symbol=${symbol}&from=${from}&to=${to}`)) - 1
      },
      answer: async () => String(lines),
    },
  ).finally(() => server.close())
}

const MEBIBYTE = 1_024 * 1_024

/** H4: how far the memory of the process grows while a year is streamed, the client in it included. */
export async function csvMemory(bench: Workbench, { symbol }: Instrument): Promise<Measured> {
  console.error('H4 a year as CSV …')
  const server = await serve(bench)
  await linesOf(server, `symbol=${symbol}&limit=10000`)
  const before = process.memoryUsage().rss
  let most = before
  await linesOf(server, `symbol=${symbol}`, () => {
    most = Math.max(most, process.memoryUsage.rss())
  })
  await server.close()
  return measuredOnce(
    {
      id: 'H4',
      what: 'MiB that a year of seconds as CSV adds',
      yardstick: 'the process before it',
      bound: 'atMost',
      gate: 64,
      target: 16,
    },
    (most - before) / MEBIBYTE,
  )
}

/** The routes, with nothing behind them but the stored bars. */
function serve({ stores }: Workbench): Promise<Listening> {
  const log = createLog('error')
  const access = { openReads: true, hosts: ['127.0.0.1'] }
  const deps = depsOf({ stores, market: machineClock, machine: machineClock, access, log })
  return listen({ app: createApp(deps), host: '127.0.0.1', port: 0, log })
}

async function linesOf({ address }: Listening, query: string, onChunk = () => {}): Promise<number> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`http://${address}/v1/bars?${query}`, { headers: { accept: 'text/csv' } }, resolve).on(
      'error',
      reject,
    )
  })
  let lines = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
    onChunk()
  }
  return lines
}
