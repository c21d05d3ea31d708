/** Asks the service's API, and fails on anything but success. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${response.status} ${url}: ${await response.text()}`)
  return (await response.json()) as T
}

/** Every item of a list, page by page. */
export async function allItems<T>(url: string): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: T[]; nextCursor: string | null } = await getJson(
      `${url}&limit=10000${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    items.push(...page.items)
    cursor = page.nextCursor
  }
  return items
}

/** Asks again until `done`; a refusal to answer counts as not done. Rejects after `deadlineMs`. */
export async function until(done: () => Promise<boolean>, deadlineMs: number): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs
  for (;;) {
    const isDone = await done().catch(() => false)
    if (isDone) return
    if (Date.now() > giveUpAt) throw new Error(`not done within ${deadlineMs / 1_000} s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
