/**
 * Advance widths in thousandths of the font's size, of DejaVu Sans Condensed, in which pictures are rasterised. The
 * fonts that browsers put in its place are about as wide or narrower.
 */
const CLASSES: readonly { readonly of: RegExp; readonly width: number }[] = [
  { of: /[ .,:;·|'ijlI\u00A0]/, width: 290 },
  { of: /[-frt()/]/, width: 360 },
  { of: /[mwMW%@]/, width: 860 },
  { of: /[+=<>×−→▲▼]/, width: 755 },
  { of: /[A-Z&]/, width: 630 },
]
const OTHER = 560

/** How wide a text is, in pixels; an estimate that errs on the wide side. */
export function textWidth(content: string, sizePx: number): number {
  let thousandths = 0
  for (const character of content) thousandths += CLASSES.find(({ of }) => of.test(character))?.width ?? OTHER
  return (thousandths / 1000) * sizePx
}

/** The text, or as much of its beginning as fits, with an ellipsis. */
export function fitted(content: string, sizePx: number, widthPx: number): string {
  if (textWidth(content, sizePx) <= widthPx) return content
  let kept = content
  while (kept !== '' && textWidth(`${kept}…`, sizePx) > widthPx) kept = kept.slice(0, -1)
  return `${kept.trimEnd()}…`
}

/** The text in lines that fit, broken between words; a word that is too long is cut. */
export function wrapped(content: string, sizePx: number, widthPx: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of content.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    const fits = line === '' || textWidth(longer, sizePx) <= widthPx
    if (!fits) lines.push(line)
    line = fits ? longer : word
  }
  return [...lines, line].map((each) => fitted(each, sizePx, widthPx))
}
