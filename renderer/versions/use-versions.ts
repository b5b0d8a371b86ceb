import { useEffect, useState } from 'react'
import type { PublishedVersion } from '../../core/contract/values.ts'
import type { ZapFile } from '../../core/domain/zap-file.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'

/** What was published of a zap, the newest first; null until it was read. */
export function useVersions(zapId: string): {
  readonly versions: readonly PublishedVersion[] | null
  readonly failure: Failure | null
  /** Reads them again. */
  reload(): void
} {
  const [versions, setVersions] = useState<readonly PublishedVersion[] | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [reads, setReads] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another read was asked for
  useEffect(() => {
    let isGone = false
    api.zaps.versions({ id: zapId }).then(
      (found) => !isGone && setVersions(found),
      (thrown: unknown) => !isGone && setFailure(describeFailure(thrown)),
    )
    return () => {
      isGone = true
    }
  }, [zapId, reads])
  return { versions, failure, reload: () => setReads((count) => count + 1) }
}

/** What a version says; undefined until it was read, null for no version. */
export function useDefinition(zapId: string, number: number | null): ZapFile | null | undefined {
  const [read, setRead] = useState<{ readonly number: number; readonly definition: ZapFile } | null>(null)
  useEffect(() => {
    if (number === null) return
    let isGone = false
    api.zaps.version({ id: zapId, number }).then(
      (definition) => !isGone && setRead({ number, definition }),
      // The list says what is wrong; here nothing is shown.
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [zapId, number])
  if (number === null) return null
  return read?.number === number ? read.definition : undefined
}
