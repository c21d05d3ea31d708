/** A point of a picture, in pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** What lies between the tags of the group of a class. Groups of that class hold no other group. */
export const groupOf = (svg: string, className: string): string =>
  new RegExp(`<g class="${className}">(.*?)</g>`).exec(svg)?.[1] ?? ''

/** The groups of a class, one string each. */
export const groupsOf = (svg: string, className: string): string[] =>
  [...svg.matchAll(new RegExp(`<g class="${className}">(.*?)</g>`, 'gs'))].map((match) => match[1]!)

/** The data of the one path of a class within the price panel. */
export const pathOf = (svg: string, className: string): string =>
  new RegExp(`<path class="${className}" d="([^"]*)"`).exec(pricePanelOf(svg))?.[1] ?? ''

/** The middles of the circles. */
export const circlesOf = (markup: string): Point[] =>
  [...markup.matchAll(/<circle cx="([^"]+)" cy="([^"]+)"/g)].map(([, x, y]) => ({
    x: Number(x),
    y: Number(y),
  }))

/** Every text with its place, entities as they are written. */
export const textsOf = (markup: string): (Point & { readonly content: string })[] =>
  [...markup.matchAll(/<text x="([^"]+)" y="([^"]+)"[^>]*>([^<]*)<\/text>/g)].map(([, x, y, content]) => ({
    ...{ x: Number(x), y: Number(y), content: content! },
  }))

/** The corners of a path of M, L, H and V. */
export function cornersOf(d: string): Point[] {
  const corners: Point[] = []
  for (const [, command, numbers] of d.matchAll(/([MLHV])([^MLHVZ]*)/g)) {
    const [a, b] = numbers!.trim().split(/\s+/).map(Number) as [number, number]
    const { x, y } = corners.at(-1) ?? { x: a, y: b }
    corners.push(command === 'H' ? { x: a, y } : command === 'V' ? { x, y: a } : { x: a, y: b })
  }
  return corners
}

/** The height at which a step path stands just right of `x`; null before it begins. */
export function heightAfter(d: string, x: number): number | null {
  const passed = cornersOf(d).filter((corner) => corner.x <= x + 0.02)
  return passed.at(-1)?.y ?? null
}

const pricePanelOf = (svg: string): string => svg.slice(svg.search(/<g class="price( fine)?">/))
