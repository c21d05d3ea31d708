import { AppError, messageOf, refused, unavailable } from '../../src/errors.ts'

const FULL_DISK = /No space left on device|no space left|quota exceeded|ENOSPC|EDQUOT/i

/**
 * The one sentence for a step that failed at `path`, from the words of a program or of the system. A full disk is
 * `unavailable`, since it passes; anything else is `refused`.
 */
export function failure(step: string, path: string, words: string): AppError {
  if (FULL_DISK.test(words))
    return unavailable(`The disk of the database in ${path} is full: free some space and start again.`)
  return refused(`${step} in ${path} failed: ${complaintIn(words)}.`)
}

/** The sentence for a folder that the system does not let us make, read or write. */
export function unusable(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  const words = messageOf(error)
  if (FULL_DISK.test(words)) return failure('Writing', path, words)
  return refused(`The database cannot live in ${path}: ${words}. Set DATA_DIR to a folder of yours.`)
}

/** PostgreSQL writes "… FATAL:  could not …" and "initdb: error: could not …"; a shell's words have no mark. */
function complaintIn(words: string): string {
  const lines = words.trim().split('\n')
  const line = lines.findLast((each) => /(FATAL|PANIC|error): /.test(each)) ?? lines.at(-1)!
  return line.replace(/^.*?(FATAL|PANIC|error): +/, '').replace(/\.?\s*$/, '') || 'the program said nothing'
}
