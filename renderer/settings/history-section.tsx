import { Minimize2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { DeleteHistoryDialog } from '../history/delete-history-dialog.tsx'
import { startHistoryJob, useHistory } from '../history/history.ts'
import { HistoryFacts } from '../history/history-facts.tsx'
import { HistoryJobLine } from '../history/history-job-line.tsx'
import { Button } from '../ui/controls/button.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { SettingsForm } from './settings-form.tsx'

/** How long runs are kept, how much there is of them, and less of it now. */
export function HistorySection() {
  const { data: history, failure } = useHistory()
  const [isAsking, setAsking] = useState(false)
  const running = history?.job?.state === 'running' ? history.job : null

  return (
    <Section
      title="History"
      description="Runs with all that they did. What is not finished always stays, with what it needs, and so does the newest success of each zap."
    >
      {history === null && failure === null && <Spinner label="Asking the host…" />}
      {failure !== null && (
        <ErrorNote title="The history could not be looked at." remedy={failure.message} details={failure.details} />
      )}
      {history !== null && (
        <div className="flex flex-col gap-5">
          <SettingsForm section="history" />
          <div className="flex flex-col gap-4 border-t border-line pt-4">
            <HistoryFacts history={history} />
            {running !== null ? (
              <HistoryJobLine key={running.startedAt} job={running} />
            ) : (
              <div className="flex flex-wrap gap-2">
                <Button icon={Trash2} onClick={() => setAsking(true)}>
                  Delete old history now…
                </Button>
                <Button
                  icon={Minimize2}
                  disabled={!history.canShrink || history.freeBytes === 0}
                  onClick={() => void startHistoryJob('shrink')}
                >
                  Shrink now
                </Button>
              </div>
            )}
          </div>
        </div>
      )}
      {isAsking && history !== null && (
        <DeleteHistoryDialog settings={history.settings} onClose={() => setAsking(false)} />
      )}
    </Section>
  )
}
