import { KeyRound, Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useConnection } from '../api/connection.ts'
import { Spinner } from '../ui/page/spinner.tsx'

const TITLES = {
  'no-session': 'This browser has no session with Hookline',
  'void-address': 'This address was used already, or is too old',
} as const

/** A host that is back within this time was never away for the person at the screen. */
const PATIENCE_MS = 700

/** Whether nothing can be done because the host is away or does not know us. */
export function useIsCutOff(): boolean {
  const state = useConnection((connection) => connection.state)
  const [patient, setPatient] = useState(true)
  useEffect(() => {
    setPatient(true)
    if (state !== 'lost') return
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [state])
  return state === 'locked' || (state === 'lost' && !patient)
}

/** Says why there is nothing to be done, and what helps. It goes by itself when the host is back. */
export function ConnectionScreen() {
  const locked = useConnection((connection) => (connection.state === 'locked' ? connection.locked : null))
  return (
    <div
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="connection-title"
      aria-describedby="connection-text"
      className="fixed inset-0 z-50 flex animate-fade items-center justify-center bg-bg/85 p-6 backdrop-blur-[3px]"
    >
      <div className="flex max-w-[440px] flex-col items-center text-center">
        <span className="mb-4 flex size-12 items-center justify-center rounded-lg border border-line bg-surface text-ink-faint shadow-card">
          {locked !== null ? <KeyRound size={22} aria-hidden /> : <Unplug size={22} aria-hidden />}
        </span>
        <h1 id="connection-title" className="text-xl font-semibold">
          {locked === null ? 'Hookline is not running' : TITLES[locked]}
        </h1>
        <div id="connection-text" className="mt-1.5 text-base text-ink-soft">
          {locked !== null ? (
            <>
              <p>
                Run <code className="font-mono text-sm">hookline open</code> in a terminal: it opens Hookline with a
                fresh address. Or, where it is open already, take one from Settings, Sessions.
              </p>
              <p className="mt-2">
                {locked === 'void-address'
                  ? 'An address opens Hookline once, and within ten minutes. If another person used yours, end that session in Settings.'
                  : 'After that, every tab of this browser can open it.'}
              </p>
            </>
          ) : (
            <p>
              Nothing is lost: finished work is stored, and what was under way goes on when Hookline starts again. Start
              it with <code className="font-mono text-sm">hookline start</code>.
            </p>
          )}
        </div>
        {locked === null && (
          <div className="mt-4">
            <Spinner label="Reconnecting…" />
          </div>
        )}
      </div>
    </div>
  )
}
