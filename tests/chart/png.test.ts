import { inflateSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { chartSvg } from '../../src/chart/chart.ts'
import { chartPng } from '../../src/chart/png.ts'
import { walkedSubject } from '../support/chartSubject.ts'

interface Png {
  readonly width: number
  readonly height: number
  /** Scan lines as they are filtered: the size tells that they are all there. */
  readonly data: Buffer
}

function readPng(bytes: Uint8Array): Png {
  const png = Buffer.from(bytes)
  const packed: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      packed.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  return {
    ...{ width: png.readUInt32BE(16), height: png.readUInt32BE(20) },
    data: inflateSync(Buffer.concat(packed)),
  }
}

const subject = walkedSubject({ count: 120 })

test('a picture of a size is a PNG of that size, and not blank', async () => {
  const svg = chartSvg(subject, { theme: 'dark', width: 800, height: 600 })
  const { width, height, data } = readPng((await chartPng(svg))!)
  expect([width, height]).toEqual([800, 600])
  expect(data).toHaveLength(600 * (800 * 4 + 1))
  expect(new Set(data).size).toBeGreaterThan(100)
})

test('letters are drawn: the same picture without them has other pixels', async () => {
  const svg = chartSvg(subject, { theme: 'light' })
  const mute = svg.replace(/<text [^>]*>[^<]*<\/text>/g, '')
  expect(await chartPng(svg)).not.toEqual(await chartPng(mute))
})

test('the same picture gives the same pixels', async () => {
  const svg = chartSvg(subject, { theme: 'light', width: 600, height: 480 })
  expect(await chartPng(svg)).toEqual(await chartPng(svg))
})

test('where the rasteriser has no binary there are no pixels, and no failure', async () => {
  vi.doMock('@resvg/resvg-js', () => {
    throw new Error('Cannot find native binding')
  })
  expect(await chartPng(chartSvg(subject, { theme: 'light' }))).toBeNull()
  vi.doUnmock('@resvg/resvg-js')
  expect(await chartPng(chartSvg(subject, { theme: 'light' }))).not.toBeNull()
})
