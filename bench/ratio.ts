/** What is promised of a ratio of two times. The gate must hold, the target is the aim. */
export interface Goal {
  readonly id: string
  readonly what: string
  readonly yardstick: string
  /** `atLeast`: the yardstick's time by ours · `atMost`: our time by the yardstick's. */
  readonly bound: 'atLeast' | 'atMost'
  readonly gate: number
  readonly target: number
}

export interface Contest {
  /** Makes the start equal for both. Not timed, nor is `answer`. */
  prepare(): Promise<unknown>
  ours(): Promise<unknown>
  yardstick(): Promise<unknown>
  /** What a run has left behind: must be the same for both. */
  answer(): Promise<string>
}

export interface Measured extends Goal {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** A contest of short computations, each run `times` over before its time is taken. */
export const inMemory = (
  times: number,
  { ours, yardstick, answer }: { ours(): void; yardstick(): void; answer(): string },
): Contest => ({
  prepare: async () => {},
  ours: async () => repeat(times, ours),
  yardstick: async () => repeat(times, yardstick),
  answer: async () => answer(),
})

function repeat(times: number, run: () => void): void {
  for (let k = 0; k < times; k++) run()
}

const PAIRS = 5

/** A ratio, or a count, that was taken once. */
export const measuredOnce = (goal: Goal, value: number): Measured => ({
  ...goal,
  median: value,
  least: value,
  most: value,
})

/** Runs both in turns, so that what the machine does meanwhile falls on both. A first pair compares the answers. */
export async function measure(goal: Goal, contest: Contest): Promise<Measured> {
  console.error(`${goal.id} ${goal.what} …`)
  await compare(goal, contest)
  const ratios: number[] = []
  while (ratios.length < PAIRS) {
    const theirMs = await timed(contest, 'yardstick')
    const ourMs = await timed(contest, 'ours')
    ratios.push(goal.bound === 'atLeast' ? theirMs / ourMs : ourMs / theirMs)
  }
  ratios.sort((a, b) => a - b)
  return { ...goal, median: ratios[PAIRS >> 1]!, least: ratios[0]!, most: ratios.at(-1)! }
}

async function compare({ what }: Goal, contest: Contest): Promise<void> {
  await timed(contest, 'yardstick')
  const theirs = await contest.answer()
  await timed(contest, 'ours')
  const ours = await contest.answer()
  if (ours !== theirs) throw new Error(`${what}: ours left ${ours}, the yardstick ${theirs}`)
}

async function timed(contest: Contest, side: 'ours' | 'yardstick'): Promise<number> {
  await contest.prepare()
  const start = performance.now()
  await contest[side]()
  return performance.now() - start
}

export const holds = ({ bound, gate, median }: Measured): boolean =>
  bound === 'atLeast' ? median >= gate : median <= gate
