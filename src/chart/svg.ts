/** Attributes by name, written in this order. */
export type Attributes = Readonly<Record<string, string | number>>

/** An element of XML. Attributes are escaped; children are markup already. Throws a RangeError on no finite number. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`)
  const start = `<${name}${written.join('')}`
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`
}

export const group = (className: string, ...children: readonly string[]): string =>
  children.some((child) => child !== '') ? element('g', { class: className }, ...children) : ''

/** A path, or nothing where there is nothing to draw. */
export const path = (className: string, d: string): string =>
  d === '' ? '' : element('path', { class: className, d })

export const text = (x: number, y: number, content: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escaped(content))

/** What a reader is told on pointing at the element that holds it. */
export const tooltip = (content: string): string => element('title', {}, escaped(content))

/** A number as SVG writes it: to a hundredth of a pixel. Throws a RangeError where there is no such place. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`no coordinate: ${value}`)
  return String(Math.round(value * 100) / 100)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for XML and HTML, attributes included. Characters that XML 1.0 cannot hold become U+FFFD. */
export const escaped = (content: string): string =>
  content.replace(UNREADABLE, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character]!)

const UNREADABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

const attribute = (value: string | number): string =>
  typeof value === 'number' ? coordinate(value) : escaped(value)
