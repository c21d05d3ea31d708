import { type Attributes, element, escaped } from '../svg.ts'

/** A cell of a table: text, with a class of its own where it needs one. */
export interface Cell {
  readonly content: string
  readonly look?: string
  /** What a reader is told on pointing at it. */
  readonly hint?: string
}

export const cell = (content: string, look = ''): Cell => ({ content, look })

/** A table with a head; `look` is its class and tells what it holds. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], look: string): string {
  const heads = head.map((content) => element('th', { scope: 'col' }, escaped(content)))
  const lines = rows.map((row) => element('tr', {}, ...row.map(written)))
  const parts = [element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...lines)]
  return sideways(`${look}, a table`, element('table', { class: look }, ...parts))
}

/** What may be wider than the page: it scrolls by itself, with keys too. */
export const sideways = (label: string, content: string): string =>
  element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, content)

/** A part of the page under its heading. */
export const section = (heading: string, ...content: readonly string[]): string =>
  element('section', {}, element('h2', {}, escaped(heading)), ...content)

export const paragraph = (content: string, look = ''): string =>
  element('p', look === '' ? {} : { class: look }, escaped(content))

function written({ content, look = '', hint = '' }: Cell): string {
  const attributes: Attributes = {
    ...(look === '' ? {} : { class: look }),
    ...(hint === '' ? {} : { title: hint }),
  }
  return element('td', attributes, escaped(content))
}
