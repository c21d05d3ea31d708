import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { AppError } from '../../src/errors.ts'
import { isoInstant } from '../../src/market/time.ts'

const issuesOf = (env: Record<string, string>) => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'invalid')) throw error
    return error.issues
  }
}

test('an empty environment gives the defaults', () => {
  expect(readConfig({ PATH: '/bin', HOME: '/root', TWS_HOST: '' })).toEqual({
    host: '127.0.0.1',
    port: 8080,
    databaseUrl: null,
    dataDir: './data',
    gateway: 'simulator',
    tws: { host: '127.0.0.1', port: 4002, clientId: 17 },
    symbols: ['SPY'],
    collectSession: 'rth',
    backfillSessions: 5,
    allowedHosts: [],
    webhookAllow: { http: false, ranges: [], ports: [] },
    badPrints: 'flag',
    retentionDays: null,
    logLevel: 'info',
    trading: { kind: 'paper' },
    traderConfig: null,
    simulator: { tape: [], start: null, speed: 10, seed: 1, port: null, attach: null },
  })
})

test('every setting is read', () => {
  const config = readConfig({
    HOST: '::1',
    PORT: '0',
    DATABASE_URL: 'postgresql://u:p@db:5432/bars',
    GATEWAY: 'simulator',
    TWS_CLIENT_ID: '3',
    SYMBOLS: 'SPY, IBM,BRK B',
    COLLECT_SESSION: 'all',
    BACKFILL_SESSIONS: '2',
    TRADING: 'off',
    BAD_PRINTS: 'flag',
    ALLOWED_HOSTS: 'bars.example, 10.0.0.7:9090',
    LOG_LEVEL: 'debug',
    SIM_TAPE: 'a/SPY-1s-20131007.csv.gz,b.csv',
    SIM_START: '2013-10-09T10:00:00-04:00',
    SIM_SPEED: '0.5',
    SIM_SEED: '7',
    SIM_PORT: '7497',
  })
  expect(config).toMatchObject({ host: '::1', port: 0, databaseUrl: 'postgresql://u:p@db:5432/bars' })
  expect(config.symbols).toEqual(['SPY', 'IBM', 'BRK B'])
  expect(config.allowedHosts).toEqual(['bars.example', '10.0.0.7:9090'])
  expect(config.simulator).toMatchObject({
    tape: ['a/SPY-1s-20131007.csv.gz', 'b.csv'],
    speed: 0.5,
    seed: 7,
    port: 7497,
  })
  expect(isoInstant(config.simulator.start!)).toBe('2013-10-09T14:00:00Z')
})

test.each([
  ['90d', 90],
  ['18 months', 558],
  ['1 month', 31],
  ['2 years', 732],
])('RETENTION=%s keeps seconds as rows for %i days', (RETENTION, days) => {
  expect(readConfig({ RETENTION }).retentionDays).toBe(days)
})

test.each([
  [{}, { kind: 'paper' }],
  [{ GATEWAY: 'tws' }, { kind: 'off' }],
  [{ GATEWAY: 'tws', TRADING: 'paper' }, { kind: 'paper' }],
  [{ TRADING: 'off' }, { kind: 'off' }],
  [
    { GATEWAY: 'tws', TRADING: 'live:U1234567' },
    { kind: 'live', account: 'U1234567' },
  ],
])('%o trades %o', (env, trading) => {
  expect(readConfig(env).trading).toEqual(trading)
})

test('a simulator is attached to by host and port', () => {
  expect(readConfig({ SIM_ATTACH: '127.0.0.1:7497' }).simulator.attach).toEqual({
    host: '127.0.0.1',
    port: 7497,
  })
  expect(issuesOf({ SIM_ATTACH: '127.0.0.1:7497', SIM_SEED: '2' })).toMatchObject([{ path: 'SIM_SEED' }])
})

test.each([
  ['PORT', '65536'],
  ['PORT', '80x'],
  ['PORT', '-1'],
  ['HOST', 'a b'],
  ['DATABASE_URL', 'mysql://h/d'],
  ['GATEWAY', 'ib'],
  ['TWS_PORT', '0'],
  ['TWS_CLIENT_ID', '1e3'],
  ['SYMBOLS', ','],
  ['SYMBOLS', 'spy'],
  ['SYMBOLS', 'SPY,SPY'],
  ['COLLECT_SESSION', 'RTH'],
  ['BACKFILL_SESSIONS', '126'],
  ['LOG_LEVEL', 'loud'],
  ['RETENTION', '0 d'],
  ['RETENTION', '90'],
  ['RETENTION', '2 weeks'],
  ['TRADING', 'live'],
  ['TRADING', 'live:DU1234567'],
  ['TRADING', 'Paper'],
  ['SIM_START', '2013-02-30T00:00:00Z'],
  ['SIM_SPEED', '0'],
  ['SIM_SPEED', 'Infinity'],
  ['SIM_SEED', '1.5'],
  ['SIM_ATTACH', '7497'],
  ['SIM_ATTACH', 'h:70000'],
])('%s=%s is refused by its name', (name, value) => {
  expect(issuesOf({ [name]: value }).map(({ path }) => path)).toEqual([name])
})

test.each([
  [undefined, { http: false, ranges: [], ports: [] }],
  ['http', { http: true, ranges: [], ports: [] }],
  ['http,127.0.0.0/8', { http: true, ranges: ['127.0.0.0/8'], ports: [] }],
  [
    ' 10.0.0.7 , fd00::/8,::1,:8443 ',
    { http: false, ranges: ['10.0.0.7/32', 'fd00::/8', '::1/128'], ports: [8443] },
  ],
])('WEBHOOK_ALLOW=%s is read', (text, allowed) => {
  expect(readConfig(text === undefined ? {} : { WEBHOOK_ALLOW: text }).webhookAllow).toEqual(allowed)
})

test.each(['https', 'localhost', '10.0.0.0/33', '10.0.0/8', ':0', ':65536', '8443', 'http;10.0.0.0/8'])(
  'WEBHOOK_ALLOW=%s is refused with what it may hold',
  (text) => {
    expect(issuesOf({ WEBHOOK_ALLOW: text })).toEqual([
      {
        path: 'WEBHOOK_ALLOW',
        message: expect.stringMatching(/^must be http, ranges such as 10\.0\.0\.0\/8/),
      },
    ])
  },
)

test.each([
  ['TWS_PROT', 'TWS_PORT'],
  ['SIM_SPED', 'SIM_SPEED'],
  ['BACKFILL_SESSION', 'BACKFILL_SESSIONS'],
  ['COLLECT_SESION', 'COLLECT_SESSION'],
  ['TRADE', 'TRADING'],
  ['WEBHOOK_ALLOWED', 'WEBHOOK_ALLOW'],
])('%s is unknown, and %s is named', (name, known) => {
  expect(issuesOf({ [name]: '1' })).toEqual([{ path: name, message: `is not known; did you mean ${known}?` }])
})

test('more than four symbols are refused with the arithmetic', () => {
  const [issue] = issuesOf({ SYMBOLS: 'A,B,C,D,E' })
  expect(issue!.message).toContain('60 requests in 600 s')
  expect(issue!.message).toContain('75 s')
})

test('every fault is told at once, and no secret with them', () => {
  const issues = issuesOf({ DATABASE_URL: 'postgres//user:hunter2@h', PORT: 'x', SIM_SED: '1' })
  expect(issues.map(({ path }) => path).sort()).toEqual(['DATABASE_URL', 'PORT', 'SIM_SED'])
  expect(JSON.stringify(issues)).not.toContain('hunter2')
})
