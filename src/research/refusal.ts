import { type AppError, refused } from '../errors.ts'

/** Refuses a request for what stands at a JSON pointer into it. */
export const refusedAt = (path: string, message: string): AppError =>
  refused(`${path}: ${message}`, { issues: [{ path, message }] })
