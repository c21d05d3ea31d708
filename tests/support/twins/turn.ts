/** One transaction at a time; whatever stands outside waits for its end, and so never sees half of it. */
export class Turn {
  #taken: Promise<void> | null = null

  /** Ends with the open transaction; null when there is none. Ask again after waiting: another may be quicker. */
  get taken(): Promise<void> | null {
    return this.#taken
  }

  /** Runs `work` alone. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    while (this.#taken !== null) await this.#taken
    let end = (): void => {}
    this.#taken = new Promise((resolve) => {
      end = resolve
    })
    try {
      return await work()
    } finally {
      this.#taken = null
      end()
    }
  }
}

type Method = (...args: never[]) => Promise<unknown>

/** The same store, each of whose methods waits until no transaction is open, and then happens at once. */
export function inTurn<S extends object>(turn: Turn, store: S): S {
  const outside: Record<string, Method> = {}
  for (const [name, method] of Object.entries(store) as [string, Method][]) {
    outside[name] = async (...args) => {
      while (turn.taken !== null) await turn.taken
      return method(...args)
    }
  }
  return outside as S
}
