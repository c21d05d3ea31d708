import type { BarRow } from '../../db/barSeries.ts'

/** Four seconds with every kind of gap, and what was written for them when archives were still deflated. */
export const DEFLATED_ROWS: readonly BarRow[] = [
  [1_381_152_600, 1_674_100, 1_674_500, 1_673_900, 1_674_200, 2_049, 1_674_123, 17],
  [1_381_152_601, 1_674_200, 1_674_200, 1_674_200, 1_674_200, 0, null, 0],
  [1_381_152_607, 1_674_000, 1_674_400, 1_674_000, 1_674_300, 100_000, 1_674_250, null],
  [1_381_152_608, 1_674_300, 1_674_300, 1_673_100, 1_673_100, 700, 1_673_700, 3],
]

export const DEFLATED = Buffer.from(
  'eJxjYOJhesHQz6DAoMDQz8AQf4IhIp6JwaFCL+DLeiWG/2wMDAwMYgyMDMwMzAyMDAycDAxMnAIMvKwMLxhZGBj+g6QZjBnQATMDwxkQ/R9DBg7+QwgAdsMOdg==',
  'base64',
)
