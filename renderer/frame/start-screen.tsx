import { FileText, RotateCw } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import type { StartState } from '../../core/contract/start-values.ts'
import { useStart, wishOfStart } from '../api/start-state.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { Mark } from './mark.tsx'

/** A start that is over within this time needs no words. */
const PATIENCE_MS = 400

/** What stands over the screens while the desktop app starts, or says why it does not; null when they can be used. */
export function useUnready(): Exclude<StartState, { kind: 'ready' }> | null {
  const state = useStart((start) => start.state)
  return state === null || state.kind === 'ready' ? null : state
}

export function StartScreen({ state }: { state: Exclude<StartState, { kind: 'ready' }> }) {
  const title = useId()
  const text = useId()
  return (
    <div
      role="alertdialog"
      aria-modal="true"
      aria-labelledby={title}
      aria-describedby={text}
      className="fixed inset-0 z-50 flex items-center justify-center bg-bg p-6"
    >
      <div className="flex w-full max-w-[460px] flex-col items-center text-center">
        <div className="mb-4">
          <Mark size={48} />
        </div>
        {state.kind === 'starting' ? (
          <Starting titleId={title} textId={text} checkedBytes={state.checkedBytes} />
        ) : (
          <Failed titleId={title} textId={text} state={state} />
        )}
      </div>
    </div>
  )
}

function Starting({ titleId, textId, checkedBytes }: { titleId: string; textId: string; checkedBytes: number | null }) {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  // From the first moment on for those who hear it, and later for those who see it.
  const seen = isLong || checkedBytes !== null ? '' : 'opacity-0'
  return (
    <div className={seen}>
      <h1 id={titleId} className="text-xl font-semibold">
        Hookline starts
      </h1>
      <p id={textId} className="mt-1.5 text-base text-ink-soft">
        {checkedBytes === null
          ? 'It opens its data and looks for what came due.'
          : `It reads its ${sizeWords(checkedBytes)} of data once, so that nothing damaged is used. That takes about two seconds a gigabyte.`}
      </p>
      <div className="mt-4 flex justify-center">
        <Spinner label={checkedBytes === null ? 'Opening…' : 'Reading…'} />
      </div>
    </div>
  )
}

const sizeWords = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`

function Failed({
  titleId,
  textId,
  state: { message, port, dataDir },
}: {
  titleId: string
  textId: string
  state: Extract<StartState, { kind: 'failed' }>
}) {
  const [typed, setTyped] = useState(port === null ? '' : String(port === 65_535 ? 4_781 : port + 1))
  const next = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : Number.NaN
  const isPort = next <= 65_535
  return (
    <>
      <h1 id={titleId} className="text-xl font-semibold">
        Hookline cannot start
      </h1>
      <p id={textId} className="mt-1.5 text-base break-words text-ink-soft">
        {message}
      </p>
      {port !== null && (
        <form
          className="mt-5 flex w-full items-start gap-2 rounded-lg border border-line bg-surface p-4 text-left shadow-card"
          onSubmit={(event) => {
            event.preventDefault()
            if (isPort) wishOfStart({ kind: 'use-port', port: next })
          }}
        >
          <div className="flex-1">
            <Field
              label="Another port for webhooks"
              htmlFor="start-port"
              help="Kept from now on. Senders on this computer call it; those behind a tunnel notice nothing."
              error={isPort || typed === '' ? undefined : 'A port is a number from 0 to 65535.'}
            >
              <Input
                id="start-port"
                inputMode="numeric"
                autoFocus
                value={typed}
                aria-invalid={!isPort}
                aria-describedby="start-port-help"
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            </Field>
          </div>
          <Button type="submit" variant="primary" className="mt-6" disabled={!isPort}>
            Use this port
          </Button>
        </form>
      )}
      <div className="mt-5 flex flex-wrap justify-center gap-2">
        <Button
          variant={port === null ? 'primary' : 'secondary'}
          icon={RotateCw}
          autoFocus={port === null}
          onClick={() => wishOfStart({ kind: 'try-again' })}
        >
          Try again
        </Button>
        <Button icon={FileText} onClick={() => wishOfStart({ kind: 'show-log' })}>
          Show the log
        </Button>
        <Button onClick={() => wishOfStart({ kind: 'quit' })}>Quit</Button>
      </div>
      <p className="mt-4 text-sm break-all text-ink-faint">Your data is in {dataDir}. Nothing of it was changed.</p>
    </>
  )
}
