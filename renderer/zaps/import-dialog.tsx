import { FileJson } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { ImportPreview, Problem } from '../../core/contract/values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { beginReviews } from '../permissions/review-store.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Textarea } from '../ui/controls/input.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { ProblemList } from './problem-list.tsx'
import { parseZapTexts, type ZapText } from './read-zap-files.ts'

type Outcome = { readonly error: string; readonly details?: string } | { readonly refused: readonly ImportPreview[] }

const isStructural = ({ severity }: Problem): boolean => severity === 'structure'

/** Reads zaps, picked files at once and pasted JSON on a click, and leads to their review. Stays open only when something is wrong. */
export function ImportDialog({ texts, onClose }: { texts: readonly ZapText[] | null; onClose: () => void }) {
  const [, navigate] = useLocation()
  const [pasted, setPasted] = useState('')
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const begun = useRef(false)

  const run = async (given: readonly ZapText[]) => {
    const parsed = parseZapTexts(given)
    if ('error' in parsed) return setOutcome(parsed)
    setBusy(true)
    try {
      const { zaps } = await api.zaps.preview({ files: parsed.files })
      const refused = zaps.filter((zap) => zap.zap === null || zap.problems.some(isStructural))
      if (refused.length > 0) return setOutcome({ refused })
      beginReviews(zaps)
      onClose()
      navigate('/zaps/review')
    } catch (thrown) {
      const failure = describeFailure(thrown)
      setOutcome({ error: failure.message, details: failure.details })
    } finally {
      setBusy(false)
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: picked files are imported once, when the dialog appears
  useEffect(() => {
    if (texts === null || begun.current) return
    begun.current = true
    void run(texts)
  }, [])

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width={560}
      title={texts === null ? 'Paste a zap' : 'Import zaps'}
      description={
        texts === null ? 'The JSON of a zap file, or a list of several.' : texts.map((one) => one.file).join(', ')
      }
      footer={
        <>
          <Button onClick={onClose}>{texts === null ? 'Cancel' : 'Close'}</Button>
          {texts === null && (
            <Button
              variant="primary"
              icon={FileJson}
              loading={busy}
              disabled={pasted.trim() === ''}
              onClick={() => void run([{ file: 'The pasted text', text: pasted }])}
            >
              Import
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {texts === null && (
          <Field
            label="Zap file"
            htmlFor="pasted-zap"
            help="You see first what it may do; nothing runs until you switch it on."
          >
            <Textarea
              id="pasted-zap"
              mono
              rows={12}
              autoFocus
              value={pasted}
              placeholder='{ "format": "hookline/zap@1", "name": "…", "steps": [ … ] }'
              onChange={(event) => setPasted(event.currentTarget.value)}
            />
          </Field>
        )}
        {busy && texts !== null && <Spinner label="Reading…" />}
        {outcome !== null && <OutcomeNote outcome={outcome} />}
      </div>
    </Dialog>
  )
}

function OutcomeNote({ outcome }: { outcome: Outcome }) {
  if ('error' in outcome) {
    return (
      <ErrorNote
        title="Nothing was imported."
        remedy={outcome.error}
        {...(outcome.details === undefined ? {} : { details: outcome.details })}
      />
    )
  }
  return (
    <div role="alert" className="flex flex-col gap-3">
      <p>
        {outcome.refused.length === 1 ? 'This zap has' : 'These zaps have'} problems that only the file can mend, so
        nothing was imported.
      </p>
      {outcome.refused.map((zap) => (
        <section key={zap.file}>
          <h3 className="mb-1.5 font-medium">
            {zap.name} <span className="font-normal text-ink-faint">{zap.file !== zap.name && zap.file}</span>
          </h3>
          <ProblemList problems={zap.problems} />
        </section>
      ))}
    </div>
  )
}
