import type { TestProject } from 'vitest/node'
import { startTemplateServer } from './databaseServer.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated database from which the tests' own are copied. Nobody connects to it. */
    readonly templateUrl: string
  }
}

/** One server for the whole run, and on it the template. Vitest calls what it resolves with at the end. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { templateUrl, stop } = await startTemplateServer()
  provide('templateUrl', templateUrl)
  return stop
}
