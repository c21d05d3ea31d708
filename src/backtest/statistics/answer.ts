/** A figure, or null where the sample is too small to say; then `reasons` says why. */
export type Figure = number | null

/** What a formula answers: a figure, or why there is none. */
export type Answer = number | { readonly untold: string }

/** What the formula yields, unless something hinders it. */
export const unless = (hindrance: string | null, formula: () => number): Answer =>
  hindrance === null ? formula() : { untold: hindrance }

/** Figures and reasons by their names: null stands where there is a reason. */
export function told<Name extends string>(
  answers: Readonly<Record<Name, Answer>>,
): { figures: Record<Name, Figure>; reasons: Record<string, string> } {
  const figures = {} as Record<Name, Figure>
  const reasons: Record<string, string> = {}
  for (const [name, answer] of Object.entries(answers) as [Name, Answer][]) {
    figures[name] = typeof answer === 'number' ? answer : null
    if (typeof answer !== 'number') reasons[name] = answer.untold
  }
  return { figures, reasons }
}
