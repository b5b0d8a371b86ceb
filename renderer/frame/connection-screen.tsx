import { KeyRound, Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useConnection } from '../api/connection.ts'
import { Spinner } from '../ui/spinner.tsx'

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
  const locked = useConnection((connection) => connection.state === 'locked')
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
          {locked ? <KeyRound size={22} aria-hidden /> : <Unplug size={22} aria-hidden />}
        </span>
        <h1 id="connection-title" className="text-xl font-semibold">
          {locked ? 'This browser has no key to Hookline' : 'Hookline is not running'}
        </h1>
        <div id="connection-text" className="mt-1.5 text-base text-ink-soft">
          {locked ? (
            <p>
              Open Hookline again with the address that <code className="font-mono text-sm">hookline start</code>{' '}
              printed. It carries the key.
            </p>
          ) : (
            <p>
              Nothing is lost: finished work is stored, and what was under way goes on when Hookline starts again. Start
              it with <code className="font-mono text-sm">hookline start</code>.
            </p>
          )}
        </div>
        {!locked && (
          <div className="mt-4">
            <Spinner label="Reconnecting…" />
          </div>
        )}
      </div>
    </div>
  )
}
