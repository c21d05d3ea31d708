/** Once the newest seconds have come, nothing may be missing. */
export async function gaps(url: string): Promise<number> {
  for (let tries = 0; ; tries++) {
    const text = await (await fetch(`${url}/metrics`)).text()
    const line = /^pivot_engine_gap_seconds\{symbol="SPY"\} (\S+)$/m.exec(text)
    const missing = line === null ? Number.NaN : Number(line[1])
    if (missing === 0 || tries === 30) return missing
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** The ids of all backfills. */
export async function backfills(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/v1/backfills?limit=10000`)
  return ((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => id)
}

/** Null once nothing is wrong any more, else what still is. */
export async function untilReady(url: string): Promise<string | null> {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${url}/health/ready`)
    if (answer.ok) return null
    if (tries === 30) return ((await answer.json()) as { reasons: string[] }).reasons.join('; ')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}
