import { type output, type ZodObject, type ZodRawShape, z } from 'zod'
import type { Fault } from './fault.ts'

/** One kind of fault: a line of the catalogue. */
export interface FaultEntry {
  /** What happens, in one sentence: the documentation's table. */
  readonly does: string
  /** What a scenario may say under `with`. */
  readonly parameters: ZodObject
  /** It must say how long it lasts: nobody could end it. */
  readonly mustEnd: boolean
  /** A fresh fault. Throws on parameters that are none. */
  readonly make: (parameters: unknown) => Fault
}

export function entry<Shape extends ZodRawShape>(
  does: string,
  shape: Shape,
  make: (parameters: output<ZodObject<Shape>>) => Fault,
): FaultEntry {
  const parameters = z.strictObject(shape)
  return { does, parameters, mustEnd: false, make: (given) => make(parameters.parse(given) as never) }
}

/** One number, or two between which chance decides. */
export const range = (fallback: number) =>
  z
    .union([z.number().nonnegative(), z.tuple([z.number().nonnegative(), z.number().nonnegative()])])
    .default(fallback)

export type Range = number | readonly [from: number, to: number]

export function drawn(bounds: Range, random: () => number): number {
  if (typeof bounds === 'number') return bounds
  const [from, to] = bounds
  return from + (to - from) * random()
}
