import { createRequire } from 'node:module'

/**
 * A picture's pixels as a PNG, or null where this installation has no rasteriser: its binary is optional. Takes some
 * 50 ms of a processor for a whole chart, so call it where nothing waits.
 */
export async function chartPng(svg: string): Promise<Uint8Array | null> {
  const rasteriser = await import('@resvg/resvg-js').catch(() => null)
  if (!rasteriser) return null
  const font = { fontFiles: fontFiles(), loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans Condensed' }
  return new rasteriser.Resvg(svg, { font }).render().asPng()
}

/** The rasteriser draws no letter without a font file, and the system's differ from machine to machine. */
function fontFiles(): string[] {
  const require = createRequire(import.meta.url)
  return [
    require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
    require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
  ]
}
