/** Whether new connections are let in. Several may shut it at once: it opens again when the last of them does. */
export class Door {
  #shutBy = 0
  #watch: (isOpen: boolean) => void = () => {}

  get isOpen(): boolean {
    return this.#shutBy === 0
  }

  /** Told of every change. */
  watch(listener: (isOpen: boolean) => void): void {
    this.#watch = listener
  }

  shut(): void {
    if (++this.#shutBy === 1) this.#watch(false)
  }

  open(): void {
    if (this.#shutBy > 0 && --this.#shutBy === 0) this.#watch(true)
  }
}
