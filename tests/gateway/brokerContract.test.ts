import { describe } from 'vitest'
import { brokerContract } from '../contracts/broker.ts'
import { overMemory, overTcp } from './simulatedBroker.ts'

describe('over TCP', () => brokerContract(overTcp))
describe('over a line in memory', () => brokerContract(overMemory))
