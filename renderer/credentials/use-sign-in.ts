import { useEffect, useRef, useState } from 'react'
import type { SignInView } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { reloadCredentials } from './credentials.ts'
import { ownOrigin } from './redirect-address.tsx'

/** How long one question for the end of a sign-in takes. */
const WAIT_MS = 20_000

export type SignInProgress = {
  /** Null until it is begun. */
  readonly signIn: SignInView | null
  /** Why it could not be begun, or looked at. */
  readonly failure: string | null
  begin(by: 'browser' | 'device'): void
  paste(address: string): Promise<string | null>
}

/** Signs a person in with a credential: begins at once, and looks until it ends. Leaving cancels it. */
export function useSignIn(name: string): SignInProgress {
  const [signIn, setSignIn] = useState<SignInView | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  /** The sign-in that is looked at. */
  const current = useRef<string | null>(null)

  const look = async (id: string): Promise<void> => {
    while (current.current === id) {
      const seen = await api.credentials.signIn.get({ id, waitMs: WAIT_MS })
      if (current.current !== id) return
      setSignIn(seen)
      if (seen.end !== null) {
        current.current = null
        return reloadCredentials()
      }
    }
  }
  const begin = (by: 'browser' | 'device'): void => {
    setFailure(null)
    setSignIn(null)
    api.credentials.signIn
      .begin({ name, by, origin: ownOrigin() })
      .then((begun) => {
        current.current = begun.id
        setSignIn(begun)
        if (by === 'browser') openPage(begun.url)
        return look(begun.id)
      })
      .catch((thrown: unknown) => {
        current.current = null
        setFailure(describeFailure(thrown).message)
      })
  }
  const paste = async (address: string): Promise<string | null> => {
    if (signIn === null) return null
    try {
      setSignIn(await api.credentials.signIn.paste({ id: signIn.id, address }))
      await reloadCredentials()
      return null
    } catch (thrown) {
      return describeFailure(thrown).message
    }
  }

  useEffect(
    () => () => {
      const id = current.current
      current.current = null
      // Ended already, or the host is gone: both are as good.
      if (id !== null) api.credentials.signIn.cancel({ id }).catch(() => undefined)
    },
    [],
  )
  return { signIn, failure, begin, paste }
}

/** Opens the page of a service. That page learns nothing of this one. */
export function openPage(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer')
}
