/** `make` with its last `size` results kept, the one asked for longest ago going first. */
export function remembered<T>(size: number, make: (key: string) => T): (key: string) => T {
  const kept = new Map<string, T>()
  return (key) => {
    const found = kept.get(key) ?? make(key)
    kept.delete(key)
    kept.set(key, found)
    if (kept.size > size) kept.delete(kept.keys().next().value!)
    return found
  }
}
