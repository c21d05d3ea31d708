/** A field of a message: its name and its value, as text. */
export type NamedField = readonly [name: string, value: string]

/**
 * The fields of a message at a level of the protocol, from a line of names: `182+name` joined at level 182,
 * `177-name` was gone from it on, `187+190-name` was there in between.
 */
export const namesAt = (line: string, version: number): string[] =>
  line
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => {
      const [, gates, name] = /^((?:\d{3}[+-])*)(.+)$/.exec(word)!
      const isThere = [...gates!.matchAll(/(\d{3})([+-])/g)].every(
        ([, level, sign]) => version >= Number(level) === (sign === '+'),
      )
      return isThere ? [name!] : []
    })

/** Each name with the message's field at its place; fields without a name are `?`, names without a field `-`. */
export const named = (names: readonly string[], fields: readonly string[]): NamedField[] =>
  Array.from({ length: Math.max(names.length, fields.length) }, (_, i) => [names[i] ?? '?', fields[i] ?? '-'])

/** Names with the values that they must have; a name without one is empty. */
export const expected = (
  names: readonly string[],
  values: Readonly<Record<string, string | number>>,
): NamedField[] => names.map((name) => [name, String(values[name] ?? '')])

export const VERSIONS: readonly number[] = Array.from({ length: 18 }, (_, i) => 176 + i)
