import { useEffect, useState } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import { api } from '../api/client.ts'
import { asLargeValue } from '../ui/json/large-value.ts'

/** Where a value stands: the input or output of a step of a run. */
export type ValueOfRun = {
  readonly id: string
  readonly step: string
  readonly scope: string
  readonly of: 'input' | 'output'
}

/** A value of a run, with the whole of it in place of a reference as soon as that has come. What is too large for a screen stays a reference. */
export function useWholeValue(value: Json, { id, step, scope, of }: ValueOfRun): Json {
  const large = asLargeValue(value)
  const isJson = large !== null && (large.type === 'json' || large.type === 'value')
  const hash = isJson ? large.$blob : null
  const [whole, setWhole] = useState<{ readonly hash: string; readonly value: Json } | null>(null)
  useEffect(() => {
    if (hash === null) return undefined
    let isCurrent = true
    api.runs.value({ id, step, scope, of }).then(
      (found) => {
        if (isCurrent) setWhole({ hash, value: found })
      },
      () => undefined, // The reference says how large it is.
    )
    return () => {
      isCurrent = false
    }
  }, [hash, id, step, scope, of])
  return whole !== null && whole.hash === hash ? whole.value : value
}
