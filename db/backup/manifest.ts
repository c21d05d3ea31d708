import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refused } from '../../src/errors.ts'
import type { Digest } from './digest.ts'
import type { Partition, Sequence, Table } from './tables.ts'

/** What a backup holds. Written last: a folder without it is no backup. */
export interface Manifest {
  readonly format: 1
  /** The migration of the schema, by the instant at which it was generated. */
  readonly migration: number
  /** ISO text, by the database's clock. */
  readonly madeAt: string
  readonly tables: readonly (Table & Digest)[]
  readonly partitions: readonly Partition[]
  readonly sequences: readonly Sequence[]
  /** Files of DATA_DIR that lie beside the tables. */
  readonly secrets: readonly string[]
}

const NAME = 'manifest.json'

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, NAME)
  await writeFile(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.part`, path)
}

/** Rejects with `refused` a folder that is no whole backup. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, NAME), 'utf8').catch(() => {
    throw refused(`${folder} holds no whole backup: there is no ${NAME} in it`)
  })
  const manifest = parsed(text)
  if (manifest?.format !== 1) throw refused(`${join(folder, NAME)} is no list of contents of a backup`)
  return manifest
}

function parsed(text: string): Manifest | null {
  try {
    return JSON.parse(text) as Manifest
  } catch {
    return null
  }
}

export const fileOf = (folder: string, { name }: Table): string => join(folder, `${name}.copy.gz`)
