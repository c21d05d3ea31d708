import type { Reporter, TestCase } from 'vitest/node'

/** Ends a run with one line that a machine can read: `N passed, N failed, N skipped`, counted test by test. */
export class CountReporter implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }

  onTestCaseResult(test: TestCase): void {
    this.#counts[test.result().state] += 1
  }

  onTestRunEnd(_modules: unknown, errors: readonly unknown[]): void {
    const { passed, failed, skipped } = this.#counts
    process.on('exit', () =>
      console.log(`${passed} passed, ${failed + errors.length} failed, ${skipped} skipped`),
    )
  }
}
