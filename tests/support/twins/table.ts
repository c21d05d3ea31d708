/** Told of every row that is written, before it is committed. */
export type OnWrite = (table: string, key: string | number) => void

/** What has to be done to take back the open transaction. */
export class Journal {
  readonly onWrite: OnWrite
  #undo: (() => void)[] | null = null
  #broken = false

  constructor(onWrite: OnWrite = () => {}) {
    this.onWrite = onWrite
  }

  begin(): void {
    this.#undo = []
    this.#broken = false
  }

  /** As in PostgreSQL, the open transaction can only be given up after a statement of it was refused. */
  refuse(error: Error): never {
    this.#broken = this.#undo !== null
    throw error
  }

  note(undo: () => void): void {
    this.#undo?.push(undo)
  }

  commit(): void {
    if (this.#broken) throw new Error('a transaction was committed in which a statement had failed')
    this.#undo = null
  }

  rollBack(): void {
    for (const undo of this.#undo?.reverse() ?? []) undo()
    this.#undo = null
  }
}

/** Rows that never change, by key. Whatever is written inside a transaction goes with it. */
export class Table<K extends string | number, V> {
  readonly #name: string
  readonly #journal: Journal
  readonly #rows = new Map<K, V>()

  constructor(name: string, journal: Journal) {
    this.#name = name
    this.#journal = journal
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: K): V | undefined {
    return this.#rows.get(key)
  }

  keys(): Iterable<K> {
    return this.#rows.keys()
  }

  rows(): V[] {
    return [...this.#rows.values()]
  }

  set(key: K, row: V): void {
    this.#keepOld(key)
    this.#rows.set(key, row)
    this.#journal.onWrite(this.#name, key)
  }

  delete(key: K): void {
    this.#keepOld(key)
    this.#rows.delete(key)
    this.#journal.onWrite(this.#name, key)
  }

  /** Deletes outside every transaction, and tells nobody. */
  forget(key: K): void {
    this.#rows.delete(key)
  }

  #keepOld(key: K): void {
    const old = this.#rows.get(key)
    this.#journal.note(() => (old === undefined ? this.#rows.delete(key) : this.#rows.set(key, old)))
  }
}
