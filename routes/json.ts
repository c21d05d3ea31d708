import { messageOf } from '../src/errors.ts'
import { HttpProblem, refusal } from './problem.ts'

const MOST_LEVELS = 32

/**
 * Reads JSON as a careful reader: UTF-8 without a mark, no key twice in an object, no name of a prototype, at most 32
 * levels. Two parties that read a doubled key differently would disagree about what was asked (RFC 8259 §4), and so
 * would they about a number that JavaScript cannot hold: that is refused with 422.
 */
export function readJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const value: unknown = JSON.parse(text)
    inspect(text)
    return value
  } catch (error) {
    if (error instanceof HttpProblem) throw error
    throw unreadable(`the body is no JSON: ${messageOf(error).slice(0, 200)}`)
  }
}

const unreadable = (detail: string) => new HttpProblem(400, detail)

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]|-?\d[\d.eE+-]*/g

/** Walks valid JSON. Open objects hold their keys; an open array holds null. */
function inspect(text: string): void {
  const open: (Set<string> | null)[] = []
  let keyIsNext = false
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : null)
    else if (token === '}' || token === ']') open.pop()
    else if (/^[-\d]/.test(token)) checkNumber(token)
    else if (token !== ',') takeText(token, keyIsNext ? open.at(-1)! : null)
    if (open.length > MOST_LEVELS) throw unreadable(`the body is nested more than ${MOST_LEVELS} levels deep`)
    keyIsNext = (token === '{' || token === ',') && open.at(-1) instanceof Set
  }
}

/** A fraction is rounded to the nearest number that there is; a whole number must be that number. */
function checkNumber(text: string): void {
  const value = Number(text)
  const isHeld = Number.isFinite(value) && !Object.is(value, -0)
  if (isHeld && (Math.abs(value) <= Number.MAX_SAFE_INTEGER || !Number.isInteger(value))) return
  throw refusal([{ path: '', message: `${text.slice(0, 50)} is no number that can be kept` }])
}

/** A text, which may be a key. PostgreSQL keeps no text with a null character in it. */
function takeText(token: string, keys: Set<string> | null): void {
  if (keys === null && !token.includes('\\u0000')) return
  const text: string = JSON.parse(token)
  if (text.includes('\0')) throw refusal([{ path: '', message: 'a text holds a null character' }])
  if (keys !== null) addKey(keys, text)
}

const OF_PROTOTYPES = new Set(['__proto__', 'constructor', 'prototype'])

function addKey(keys: Set<string>, key: string): void {
  if (OF_PROTOTYPES.has(key)) throw unreadable(`the body has a key called ${key}`)
  if (keys.has(key)) throw unreadable(`the body has the key ${JSON.stringify(key.slice(0, 50))} twice`)
  keys.add(key)
}
