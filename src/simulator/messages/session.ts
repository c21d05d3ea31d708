import { asciiText, type Message } from '../fields.ts'

/** The server's half of the handshake: the one message without an id. */
export const serverHello = (version: number, connectionTime: string): Message => [version, connectionTime]

/** Sent with errors and notices that belong to no request. */
export const NO_ID = -1

/** `json` tells more of an order that was rejected. */
export const error = (id: number, code: number, text: string, json = ''): Message => [
  ...[4, 2, id, code, asciiText(text), json],
]

export const currentTime = (seconds: string): Message => [49, 1, seconds]
