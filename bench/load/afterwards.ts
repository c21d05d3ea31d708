/** Tries again for half a minute, a second apart; the last answer, whether it is good or not. */
async function patiently<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await ask()
    if (isGood(answer) || tries === 30) return answer
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** Once the newest seconds have come, nothing may be missing. */
export const gaps = (url: string): Promise<number> =>
  patiently(
    async () => {
      const text = await (await fetch(`${url}/metrics`)).text()
      const line = /^pivot_engine_gap_seconds\{symbol="SPY"\} (\S+)$/m.exec(text)
      return line === null ? Number.NaN : Number(line[1])
    },
    (missing) => missing === 0,
  )

/** The ids of all backfills. */
export async function backfills(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/v1/backfills?limit=10000`)
  return ((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => id)
}

/** Null once nothing is wrong any more, else what still is. */
export const untilReady = (url: string): Promise<string | null> =>
  patiently(
    async () => {
      const answer = await fetch(`${url}/health/ready`)
      return answer.ok ? null : ((await answer.json()) as { reasons: string[] }).reasons.join('; ')
    },
    (reasons) => reasons === null,
  )
