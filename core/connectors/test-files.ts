import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBlobStore } from '../db/blobs.ts'
import { temporaryFolder } from '../db/test-database.ts'
import { StepError } from '../domain/runs/step-error.ts'
import { isJsonObject, type Json } from '../domain/values/json.ts'
import { readSmallJson } from '../domain/values/json-text.ts'
import { createFileAccess } from '../files/allowed-files.ts'
import { systemTrash } from '../files/trash.ts'
import type { LargeValues } from './action-context.ts'
import { families } from './families.ts'
import { familyOf } from './manifest.ts'
import { runAction } from './test-context.ts'

/** A world of real files for steps: an allowed folder, a store of large values, and a trash of its own. */
export function fileWorld() {
  const root = realpathSync(temporaryFolder())
  const folder = join(root, 'allowed')
  mkdirSync(folder)
  const blobs = createBlobStore(join(root, 'blobs'))
  const trash = systemTrash({ XDG_DATA_HOME: join(root, 'data') }, 'linux')
  const files = createFileAccess({ all: () => [folder], closed: null }, trash)
  const large: LargeValues = {
    keep: (content, type) =>
      blobs.keep(typeof content === 'string' || content instanceof Uint8Array ? [content] : content, type),
    read: (value) => blobs.read(value),
    stream: (value) => blobs.stream(value),
    readJson: (text) => readSmallJson(text),
  }
  async function run(id: string, input: Record<string, Json>): Promise<Record<string, Json>> {
    const family = await families.find((entry) => entry.id === familyOf(id))?.load()
    const action = family?.connectors.find((one) => one.id === id)
    if (action?.kind !== 'action') throw new Error(`there is no action ${id}`)
    const { output } = await runAction(action, input, { files, large })
    if (!isJsonObject(output)) throw new Error('an output is an object')
    return { ...output }
  }
  /** The code and sentence of what goes wrong. */
  async function failure(id: string, input: Record<string, Json>): Promise<{ code: string; message: string }> {
    const error = await run(id, input).then(
      (output) => new Error(`it gave ${JSON.stringify(output).slice(0, 200)}`),
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof StepError)) throw new Error(`no StepError: ${String(error)}`, { cause: error })
    return { code: error.details.code, message: error.details.message }
  }
  const at = (...path: string[]) => join(folder, ...path)
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), content)
  }
  return { root, folder, run, failure, at, put, files, large }
}
