import { isJsonObject, type Json, type JsonObject } from '../../../core/domain/values/json.ts'
import { portOf, type ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { disconnect, updateInput } from './draft-operations.ts'
import { type InputPath, valueAt } from './input-path.ts'

/**
 * The paths of a step: a list of `{ id, name?, when }` somewhere in its input, each of which makes a port. An id is given once and
 * never changes, so that renaming a path or changing its place leaves its wires alone.
 */

/** The paths in a list, without anything else that an imported file may hold. */
export function pathsIn(list: Json | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

/** A path that asks for nothing yet, under the first number that is free. */
export function newPath(taken: readonly string[]): JsonObject {
  for (let n = 1; ; n++) {
    const id = `path-${n}`
    if (!taken.includes(id)) return { id, when: { all: [{ left: '', op: 'eq', right: '' }] } }
  }
}

/** Adds a path behind the others. Its id is none that a path or a wire of the step has, or else the wire would hang on it. */
export function addPath(zap: ZapFile, stepId: string, at: InputPath): ZapFile {
  const paths = pathsOf(zap, stepId, at)
  const wired = zap.edges.filter((edge) => edge.from === stepId).map(portOf)
  const named = paths.flatMap((path) => (typeof path.id === 'string' ? [path.id] : []))
  return updateInput(zap, stepId, at, [...paths, newPath([...named, ...wired])])
}

/** Removes a path together with the wires that leave its port. */
export function removePath(zap: ZapFile, stepId: string, at: InputPath, index: number): ZapFile {
  const paths = pathsOf(zap, stepId, at)
  const gone = paths[index]
  if (gone === undefined) return zap
  const left = paths.toSpliced(index, 1)
  const without = updateInput(zap, stepId, at, left)
  if (left.some((path) => path.id === gone.id)) return without
  return disconnect(
    without,
    without.edges.filter((edge) => edge.from === stepId && portOf(edge) === gone.id),
  )
}

/** Moves a path up (-1) or down (1): the order in which the paths are tried. */
export function movePath(zap: ZapFile, stepId: string, at: InputPath, index: number, by: -1 | 1): ZapFile {
  const paths = pathsOf(zap, stepId, at)
  const moved = paths[index]
  if (moved === undefined || paths[index + by] === undefined) return zap
  return updateInput(zap, stepId, at, paths.toSpliced(index, 1).toSpliced(index + by, 0, moved))
}

/** Names a path; an empty name brings its id back. */
export function renamePath(zap: ZapFile, stepId: string, at: InputPath, index: number, name: string): ZapFile {
  const trimmed = name.trim()
  return updateInput(zap, stepId, [...at, index, 'name'], trimmed === '' ? undefined : trimmed)
}

function pathsOf(zap: ZapFile, stepId: string, at: InputPath): readonly JsonObject[] {
  return pathsIn(valueAt(zap.steps.find((step) => step.id === stepId)?.input, at))
}
