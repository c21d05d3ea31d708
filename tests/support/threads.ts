/** The compiled code of a thread: `npm run build` comes before the tests. */
export const WORKER = new URL('../../dist/src/sweep/worker.js', import.meta.url)
