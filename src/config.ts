import { z } from 'zod'
import { instant, sessionKind, symbol } from '../openapi/fields.ts'
import { type InputIssue, invalid } from './errors.ts'
import { MOST_TRACKED, TICK_MS } from './market/polling.ts'
import { type EpochMs, parseInstant, SECOND_MS } from './market/time.ts'
import { nearest } from './nearest.ts'

interface Address {
  readonly host: string
  readonly port: number
}

/** What the environment says, read once. */
export interface Config {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Null: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | null
  readonly dataDir: string
  readonly gateway: 'simulator' | 'tws'
  readonly tws: Address & { readonly clientId: number }
  readonly symbols: readonly string[]
  readonly collectSession: 'rth' | 'all'
  readonly backfillSessions: number
  readonly allowedHosts: readonly string[]
  readonly webhookAllow: WebhookAllow
  /** What becomes of suspected bad prints. */
  readonly badPrints: 'flag' | 'exclude'
  /** How long seconds stay as rows before their month is archived; null for ever. */
  readonly retentionDays: number | null
  readonly logLevel: LogLevel
  readonly trading: TradingMode
  /** A JSON file with what the trader's settings state besides their defaults. */
  readonly traderConfig: string | null
  readonly simulator: SimulatorConfig
}

/** `paper` trades a paper account and no other; `live` the one account that is named, once a person has armed it. */
type TradingMode =
  | { readonly kind: 'off' }
  | { readonly kind: 'paper' }
  | { readonly kind: 'live'; readonly account: string }

/** What webhooks may reach beside public addresses by https. */
interface WebhookAllow {
  readonly http: boolean
  /** In CIDR notation. */
  readonly ranges: readonly string[]
  readonly ports: readonly number[]
}

interface SimulatorConfig {
  /** CSV files to replay; empty for the generator. */
  readonly tape: readonly string[]
  /** Null: where the tape or the calendar suggests. */
  readonly start: EpochMs | null
  readonly speed: number
  readonly seed: number
  /** Null takes any free port. */
  readonly port: number | null
  /** A simulator that runs already; null starts one inside. */
  readonly attach: Address | null
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment. Rejects what is wrong, unknown or not built yet as `invalid`, an issue for each variable. */
export function readConfig(env: Environment): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = variables.safeParse(given)
  const issues = [
    ...unknownNames(Object.keys(given)),
    ...(result.success ? conflicts(given) : result.error.issues.map(issueOf)),
  ]
  if (result.success && issues.length === 0) return configOf(result.data)
  throw invalid('The environment cannot be used:', { issues })
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
type LogLevel = (typeof LOG_LEVELS)[number]

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`)

const PORTS = 65_535
const port = wholeNumber(1, PORTS)

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const TICK_SECONDS = TICK_MS / SECOND_MS

const tooMany = (count: number): string =>
  `names ${count} symbols, and ${MOST_TRACKED} is the most: IB allows 60 requests in 600 s, of which live polling takes ` +
  `40 (600 / ${TICK_SECONDS}); ${count} symbols in turn would each wait ${count * TICK_SECONDS} s for new bars`

const symbols = z
  .string()
  .transform(listOf)
  .superRefine((names, context) => {
    const wrong = names.filter((name) => !symbol.safeParse(name).success)
    const fault = (message: string) => context.addIssue({ code: 'custom', message })
    if (names.length === 0) fault('must name a symbol')
    if (wrong.length > 0) fault('must be symbols in capitals, separated by commas')
    if (new Set(names).size < names.length) fault('names a symbol twice')
    if (names.length > MOST_TRACKED) fault(tooMany(names.length))
  })

const address = z
  .string()
  .regex(/^(\[[\da-fA-F:]+\]|[\w.-]+):\d{1,5}$/, 'must be host:port')
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(':')),
    port: Number(text.slice(text.lastIndexOf(':') + 1)),
  }))
  .refine((at) => at.port >= 1 && at.port <= PORTS, 'must be host:port')

const hostName = z.string().regex(/^[\w.:[\]-]{1,253}$/, 'must be a host name or an address')

/** In days, never fewer than the words mean. */
const UNIT_DAYS = { d: 1, m: 31, y: 366 } as const

const retention = z
  .string()
  .regex(/^[1-9]\d{0,3} ?(d|days?|months?|y|years?)$/, 'must be a time such as 90 d, 18 months or 2 years')
  .transform(
    (text) => Number.parseInt(text, 10) * UNIT_DAYS[/[dmy]/.exec(text)![0] as keyof typeof UNIT_DAYS],
  )

const trading = z
  .string()
  .regex(
    /^(off|paper|live:U\d{5,12})$/,
    'must be off, paper, or live: and the id of the account, as live:U1234567',
  )
  .transform((text): TradingMode => {
    if (text === 'off' || text === 'paper') return { kind: text }
    return { kind: 'live', account: text.slice('live:'.length) }
  })

const POSTGRES = /^postgres(ql)?:\/\/\S+$/

const range = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])

const ALLOW_FORM = 'must be http, ranges such as 10.0.0.0/8, or ports such as :8443, separated by commas'

const webhookAllow = z.string().transform((text, context): WebhookAllow => {
  const entries = listOf(text)
  const ports = entries.filter((entry) => PORT_ENTRY.test(entry)).map((entry) => Number(entry.slice(1)))
  const ranges = entries.filter((entry) => entry !== 'http' && !PORT_ENTRY.test(entry))
  const isReadable = ranges.every((entry) => range.safeParse(entry).success)
  if (!isReadable || ports.some((number) => number < 1 || number > PORTS)) {
    context.addIssue({ code: 'custom', message: ALLOW_FORM })
    return z.NEVER
  }
  return { http: entries.includes('http'), ranges: ranges.map(asRange), ports }
})

const PORT_ENTRY = /^:\d{1,5}$/

const asRange = (entry: string): string => {
  if (entry.includes('/')) return entry
  return entry.includes(':') ? `${entry}/128` : `${entry}/32`
}

const variables = z.object({
  HOST: hostName.default('127.0.0.1'),
  PORT: wholeNumber(0, PORTS).default(8080),
  DATABASE_URL: z
    .string()
    .refine((text) => POSTGRES.test(text) && URL.canParse(text), 'must be a postgresql:// URL')
    .optional(),
  DATA_DIR: z.string().default('./data'),
  GATEWAY: z.enum(['simulator', 'tws']).default('simulator'),
  TWS_HOST: hostName.default('127.0.0.1'),
  TWS_PORT: port.default(4002),
  TWS_CLIENT_ID: wholeNumber(0, 2 ** 31 - 1).default(17),
  SYMBOLS: symbols.default(['SPY']),
  COLLECT_SESSION: sessionKind.default('rth'),
  BACKFILL_SESSIONS: wholeNumber(0, 125).default(5),
  TRADING: trading.optional(),
  TRADER_CONFIG: z.string().optional(),
  ALLOWED_HOSTS: z.string().transform(listOf).pipe(z.array(hostName)).default([]),
  WEBHOOK_ALLOW: webhookAllow.default({ http: false, ranges: [], ports: [] }),
  RETENTION: retention.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  BAD_PRINTS: z.enum(['flag', 'exclude']).default('flag'),
  SIM_TAPE: z.string().transform(listOf).default([]),
  SIM_START: instant.transform(parseInstant).optional(),
  SIM_SPEED: z
    .string()
    .regex(/^\d{1,4}(\.\d{1,3})?$/, 'must be a number above 0')
    .transform(Number)
    .refine((value) => value > 0, 'must be a number above 0')
    .default(10),
  SIM_SEED: wholeNumber(0, 2 ** 32 - 1).default(1),
  SIM_PORT: port.optional(),
  SIM_ATTACH: address.optional(),
})

function configOf(env: z.output<typeof variables>): Config {
  return {
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: env.DATA_DIR,
    gateway: env.GATEWAY,
    tws: { host: env.TWS_HOST, port: env.TWS_PORT, clientId: env.TWS_CLIENT_ID },
    symbols: env.SYMBOLS,
    collectSession: env.COLLECT_SESSION,
    backfillSessions: env.BACKFILL_SESSIONS,
    allowedHosts: env.ALLOWED_HOSTS,
    webhookAllow: env.WEBHOOK_ALLOW,
    badPrints: env.BAD_PRINTS,
    retentionDays: env.RETENTION ?? null,
    logLevel: env.LOG_LEVEL,
    // Real money is never traded by default, nor is a real account's paper.
    trading: env.TRADING ?? { kind: env.GATEWAY === 'simulator' ? 'paper' : 'off' },
    traderConfig: env.TRADER_CONFIG ?? null,
    simulator: {
      tape: env.SIM_TAPE,
      start: env.SIM_START ?? null,
      speed: env.SIM_SPEED,
      seed: env.SIM_SEED,
      port: env.SIM_PORT ?? null,
      attach: env.SIM_ATTACH ?? null,
    },
  }
}

/** Values are left out: one of them is a password. */
const issueOf = ({ path, code, message }: z.core.$ZodIssue): InputIssue => ({
  path: String(path[0]),
  message: code === 'invalid_value' ? message.replace(/^.*expected /, 'must be ') : message,
})

/** A simulator that runs already has its own world. */
const WORLD_NAMES = ['SIM_TAPE', 'SIM_START', 'SIM_SPEED', 'SIM_SEED', 'SIM_PORT']

const conflicts = (given: Environment): InputIssue[] =>
  given.SIM_ATTACH === undefined
    ? []
    : WORLD_NAMES.filter((name) => name in given).map((path) => ({
        path,
        message: 'cannot be set beside SIM_ATTACH: the simulator that is attached to has its own',
      }))

const OURS = /^(TWS_|SIM_|BACKFILL_|COLLECT_|TRAD|WEBHOOK_)/

function unknownNames(names: readonly string[]): InputIssue[] {
  const known = Object.keys(variables.shape)
  return names
    .filter((name) => OURS.test(name) && !known.includes(name))
    .map((path) => ({ path, message: `is not known; did you mean ${nearest(path, known)}?` }))
}
