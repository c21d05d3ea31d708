/** One figure as it stands now, or several told apart by labels. */
export interface Reading {
  /** Without the product's prefix; with its unit: `gap_seconds`. */
  readonly name: string
  readonly help: string
  /** The names of its labels, when it has any. */
  readonly labels?: readonly string[]
  /** A rejection, and null, leave the figure out: what is not known is not 0. */
  read(): Promise<number | null | readonly LabelledValue[]>
}

export interface LabelledValue {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

interface AnsweredRequest {
  readonly method: string
  /** The pattern of the path, never the path itself: labels must stay few. */
  readonly route: string
  readonly status: number
  readonly seconds: number
}

/** Figures for Prometheus. */
export interface Metrics {
  readonly mediaType: string
  /** All of them in the text format, read at this moment. */
  text(): Promise<string>
  answered(request: AnsweredRequest): void
  /** A cron line began its run so late after the instant that its pattern names. */
  ran(job: string, lateSeconds: number, result: 'done' | 'failed'): void
}
