/** The one of `known` that takes the fewest changes of letters; there is at least one. */
export const nearest = (name: string, known: readonly string[]): string =>
  known.toSorted((a, b) => distance(name, a) - distance(name, b))[0]!

/** `; did you mean length?` where one of `known` is close to the name, or nothing. */
export function meant(name: string, known: readonly string[]): string {
  const text = name.slice(0, MOST_LETTERS)
  const guess = known.length === 0 ? null : nearest(text, known)
  return guess !== null && distance(text, guess) <= Math.max(2, guess.length / 2)
    ? `; did you mean ${guess}?`
    : ''
}

/** Nobody's name is longer, and the distance takes the product of both lengths. */
const MOST_LETTERS = 50

/** How many letters have to be put in, left out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (const [i, letter] of [...a].entries()) {
    const above = row
    row = [i + 1]
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + (letter === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, above[j]! + 1, row[j - 1]! + 1))
    }
  }
  return row[b.length]!
}
