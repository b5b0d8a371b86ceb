import type { Catalogue } from '../connectors/catalogue.ts'
import type { Tx } from '../db/executor.ts'
import { getCurrentVersion, getZapVersion } from '../db/zaps.ts'
import { withJsonTemplates } from '../domain/templates/json-template.ts'
import { type CompiledZap, compileZap } from '../domain/zap/graph.ts'
import type { ZapFile, ZapSettings } from '../domain/zap/zap-file.ts'

/** Compiled versions. A version never changes, so what is cached is never stale. */
export type VersionCache = {
  /** @throws Error when there is no such version, which no message or run should ever name. */
  get(tx: Tx, zapId: string, version: number): CompiledZap
  /** The version, if it is at hand without asking the database. */
  peek(zapId: string, version: number): CompiledZap | undefined
  /** The settings of a zap's live version, or of its newest when none is live: how its runs may run side by side. */
  settingsOf(tx: Tx, zapId: string): ZapSettings | undefined
}

/** Versions kept; more would only serve a computer with more active zaps than this. */
const CAPACITY = 200

export function createVersionCache(catalogue: Catalogue): VersionCache {
  const cache = new Map<string, CompiledZap>()

  function get(tx: Tx, zapId: string, version: number): CompiledZap {
    const key = `${zapId}:${version}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const stored = getZapVersion(tx, zapId, version)
    if (stored === undefined) throw new Error(`zap ${zapId} has no version ${version}`)
    const zap = compileZap(withJsonTexts(stored.definition, catalogue), catalogue.info)
    const oldest = cache.keys().next()
    if (cache.size >= CAPACITY && !oldest.done) cache.delete(oldest.value)
    cache.set(key, zap)
    return zap
  }

  return {
    get,
    peek: (zapId, version) => cache.get(`${zapId}:${version}`),
    settingsOf(tx, zapId) {
      const version = getCurrentVersion(tx, zapId)
      return version === null ? undefined : get(tx, zapId, version).file.settings
    },
  }
}

function withJsonTexts(file: ZapFile, catalogue: Catalogue): ZapFile {
  const steps = file.steps.map((step) => {
    const fields = catalogue.jsonTextsOf(step)
    return fields.length === 0 ? step : { ...step, input: withJsonTemplates(step.input, fields) }
  })
  return { ...file, steps }
}
