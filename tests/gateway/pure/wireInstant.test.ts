import { expect, test } from 'vitest'
import { wireInstant } from '../../../src/gateway/wireInstant.ts'

const CASES = [
  ['20240603 11:00:01 US/Eastern', '2024-06-03T15:00:01Z'],
  ['20240603  11:00:01', '2024-06-03T15:00:01Z'],
  ['20240603 11:00:01 America/New_York', '2024-06-03T15:00:01Z'],
  ['20241203 11:00:01 US/Eastern', '2024-12-03T16:00:01Z'],
  ['20240603-15:00:01', '2024-06-03T15:00:01Z'],
  ['20240603 17:00:01 Europe/Berlin', '2024-06-03T15:00:01Z'],
  ['20240603 20:30:01 Asia/Kolkata', '2024-06-03T15:00:01Z'],
  ['20240603 15:00:01 UTC', '2024-06-03T15:00:01Z'],
  // The hour that Berlin leaves out; its last second before is 00:59:59 UTC.
  ['20240331 01:59:59 Europe/Berlin', '2024-03-31T00:59:59Z'],
  ['20240331 03:00:00 Europe/Berlin', '2024-03-31T01:00:00Z'],
] as const
for (const [text, instant] of CASES) {
  test(`"${text}" is ${instant}`, () => {
    expect(wireInstant(text)).toBe(Date.parse(instant))
  })
}

for (const text of ['', 'yesterday', '20240603', '20240603 11:00:01 Mars/Olympus', '20241399 11:00:01']) {
  test(`"${text}" is no instant`, () => {
    expect(wireInstant(text)).toBeNull()
  })
}
