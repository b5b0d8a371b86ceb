import type { PermissionItem } from '../../core/contract/values.ts'
import { isJsonList, isJsonObject, type Json } from '../../core/domain/values/json.ts'
import type { Step, ZapFile } from '../../core/domain/zap/zap-file.ts'

/** A zap whose steps refer to another credential in the place of one. */
export function linkCredential(zap: ZapFile, name: string, to: string): ZapFile {
  return { ...zap, steps: zap.steps.map((step): Step => ({ ...step, input: renamed(step.input, name, to) })) }
}

function renamed<Value extends Json>(value: Value, name: string, to: string): Value {
  return renamedDeep(value, name, to) as Value // of the same shape: only names are exchanged
}

function renamedDeep(value: Json, name: string, to: string): Json {
  if (isJsonList(value)) return value.map((item) => renamedDeep(item, name, to))
  if (!isJsonObject(value)) return value
  if (value.$credential === name) return { ...value, $credential: to }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamedDeep(item, name, to)]))
}

/** A zap whose steps write to another file in the place of one. */
export function movePath(zap: ZapFile, { steps }: PermissionItem, path: string): ZapFile {
  const ids = new Set(steps.map(({ id }) => id))
  return {
    ...zap,
    steps: zap.steps.map((step) => (ids.has(step.id) ? { ...step, input: { ...step.input, path } } : step)),
  }
}
