/** A sleep made of a timer: `arm` sets it and returns what takes it back. Rejects with the signal's reason. */
export function sleepBy(arm: (wake: () => void) => () => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const disarm = arm(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    const abort = () => {
      disarm()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}
