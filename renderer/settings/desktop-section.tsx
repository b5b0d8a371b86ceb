import { CircleCheck, Download, RefreshCw, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { SECTION_WORDS } from '../../core/domain/settings/settings.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { queries, useAnswer } from '../queries/queries.ts'
import { Button } from '../ui/controls/button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { Section } from '../ui/page/section.tsx'
import { SettingsForm } from './settings-form.tsx'

const UPDATE_WORDS = {
  off: 'Updates are off.',
  none: 'This is the newest version.',
  checking: 'Asking for a newer version…',
  loading: 'Loading version',
  ready: 'Ready: version',
  failed: 'No answer about newer versions.',
} as const

/** The desktop app around the screens: its settings, the command line, updates. */
export function DesktopSection() {
  const { data: shell } = useAnswer(queries.shell.state.queryOptions())
  const { title, description } = SECTION_WORDS.desktop
  return (
    <Section title={title} description={description}>
      <SettingsForm section="desktop" />
      {shell !== null && (
        <div className="mt-5 flex flex-col divide-y divide-line border-t border-line">
          {shell.hotkeyProblem !== null && (
            <Row
              icon={<TriangleAlert size={14} aria-hidden className="text-waiting" />}
              title="Keys for the quick-run window"
            >
              {shell.hotkeyProblem}
            </Row>
          )}
          <Row
            title="The hookline command"
            icon={
              shell.commandLine.state === 'installed' ? (
                <CircleCheck size={14} aria-hidden className="text-success" />
              ) : undefined
            }
            control={
              shell.commandLine.state === 'taken' ? null : (
                <Act
                  work={() => api.shell.setCommandLine({ isWanted: shell.commandLine.state === 'absent' })}
                  label={shell.commandLine.state === 'absent' ? 'Install the command line' : 'Take it away'}
                />
              )
            }
          >
            {commandWords(shell.commandLine)}
          </Row>
          <Row
            title="Version"
            control={
              shell.update.state === 'ready' ? (
                <Act work={() => api.shell.installUpdate()} label="Restart with it now" icon={Download} />
              ) : shell.update.state === 'off' ? null : (
                <Act work={() => api.shell.checkForUpdates()} label="Look for updates" icon={RefreshCw} />
              )
            }
          >
            {[`${UPDATE_WORDS[shell.update.state]} ${shell.update.version ?? ''}`.trim(), shell.update.note ?? '']
              .join(' ')
              .trim()}
          </Row>
        </div>
      )}
    </Section>
  )
}

function commandWords({
  state,
  path,
  note,
}: {
  state: 'installed' | 'absent' | 'taken'
  path: string
  note: string | null
}) {
  const where = <code className="font-mono text-sm break-all">{path}</code>
  if (state === 'absent') return <>Does in a terminal what these screens do. It is put at {where}.</>
  if (state === 'taken')
    return <>Another program has the name, at {where}: move it away, and this one can be put there.</>
  return (
    <>
      It is at {where}. {note}
    </>
  )
}

function Row({
  title,
  icon,
  control,
  children,
}: {
  title: string
  icon?: ReactNode
  control?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="flex items-center gap-6 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5 text-sm font-medium text-ink-soft">
          {icon}
          {title}
        </p>
        <p className="text-ink-soft">{children}</p>
      </div>
      {control}
    </div>
  )
}

/** A button that has the app do something, and says why where it does not. */
function Act({ work, label, icon }: { work: () => Promise<unknown>; label: string; icon?: typeof Download }) {
  const [busy, setBusy] = useState(false)
  const act = async (): Promise<void> => {
    setBusy(true)
    try {
      await work()
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button loading={busy} {...(icon === undefined ? {} : { icon })} onClick={() => void act()}>
      {label}
    </Button>
  )
}
