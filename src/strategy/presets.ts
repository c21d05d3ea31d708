import type { PivotBreakoutParameters } from './parameters.ts'

/** Values for every field that a request leaves out (strategy, P8). */
interface Preset {
  readonly strategy: PivotBreakoutParameters
  readonly fill: 'open' | 'close'
}

export type PresetName = 'default' | 'seed'

const DEFAULT: Preset = {
  strategy: {
    name: 'pivot-breakout',
    left: 3,
    right: 3,
    ties: 'strict',
    ma: 'sma',
    length: 50,
    trigger: 'level',
    stop: 'ratchet',
    guard: true,
    protectiveStopPct: null,
  },
  fill: 'open',
}

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  default: DEFAULT,
  /** The signals of the engine that this one succeeds. */
  seed: { strategy: { ...DEFAULT.strategy, ties: 'any', stop: 'latest', guard: false }, fill: 'close' },
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The fields that are given: what is undefined takes a default. */
export const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>
