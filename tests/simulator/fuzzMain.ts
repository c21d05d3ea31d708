import { fuzz } from './fuzzing.ts'

// More frames than a test has time for: node --expose-gc dist/tests/simulator/fuzzMain.js 1000000 [seed]
const [frames = '1000000', seed = '1'] = process.argv.slice(2)
process.stdout.write(`${JSON.stringify(await fuzz(Number(frames), Number(seed)))}\n`)
