import { readFileSync, writeFileSync } from 'node:fs'
import { withTables } from './tables.ts'

// Writes the tables of docs/simulator.md anew: node dist/tests/simulator/layouts/writeTables.js
const FILE = 'docs/simulator.md'
writeFileSync(FILE, withTables(readFileSync(FILE, 'utf8')))
