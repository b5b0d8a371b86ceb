import { Blocks } from 'lucide-react'
import type { OwnFileView } from '../../core/contract/own-values.ts'
import { api } from '../api/client.ts'
import { describeFailure } from '../api/failure.ts'
import { cache, queries, useAnswer } from '../queries/queries.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'

async function turn({ file }: OwnFileView, isOn: boolean): Promise<void> {
  try {
    if (isOn) {
      const { connectors } = await api.connectors.approveOwn({ file })
      const steps = connectors.length === 1 ? '1 step is' : `${connectors.length} steps are`
      toast({ title: `${steps} in the palette now`, detail: file, tone: 'success' })
    } else await api.connectors.turnOffOwn({ file })
  } catch (thrown) {
    toast({ title: `${file} cannot be used.`, detail: describeFailure(thrown).message, tone: 'error' })
  }
  await cache.invalidateQueries({ queryKey: queries.connectors.key() })
}

/** The files of connectors that the person wrote, and whether they work. */
export function OwnConnectorsSection() {
  const { data: own, failure } = useAnswer(queries.connectors.own.queryOptions())
  return (
    <Section
      title="Connectors of your own"
      description="Steps that you write as files of JavaScript. Each file runs in a process of its own, and reaches nothing but its service, as far as its zap may. Switch on only what you know."
    >
      {own === null && failure === null && <Spinner label="Asking the host…" />}
      {failure !== null && (
        <ErrorNote title="The connectors could not be read." remedy={failure.message} details={failure.details} />
      )}
      {own !== null && own.files.length === 0 && (
        <div className="flex flex-col gap-2">
          <p className="text-ink-soft">
            There are none. The menu of a Code step saves its code as one; this writes one to begin with, and its test:
          </p>
          <div className="flex items-center gap-2 rounded bg-sunken py-1 pr-1 pl-3">
            <code className="min-w-0 flex-1 font-mono text-sm break-all">{COMMAND}</code>
            <CopyButton label="Copy the command" text={COMMAND} />
          </div>
        </div>
      )}
      {own !== null && own.files.length > 0 && (
        <ul aria-label="Connectors of your own" className="flex flex-col gap-3">
          {own.files.map((file) => (
            <OwnFile key={file.file} file={file} />
          ))}
        </ul>
      )}
      {own !== null && own.files.length > 0 && (
        <p className="text-sm text-ink-faint">
          They lie in <code className="font-mono break-all">{own.folder}</code>.
        </p>
      )}
    </Section>
  )
}

const COMMAND = 'hookline connector new weather'

function OwnFile({ file }: { file: OwnFileView }) {
  const isOn = file.state !== 'off'
  const titles = file.connectors.map(({ title }) => title).join(', ')
  return (
    <li aria-label={file.file} className="flex min-h-6 items-start gap-2.5">
      <Blocks size={15} aria-hidden className="mt-0.5 shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <code className="font-mono text-sm break-all">{file.file}</code>
        {file.app !== null && (
          <p className="text-sm text-ink-soft">
            {file.app.title}: {titles}
          </p>
        )}
        {file.problem !== null && (
          <p role="alert" className="text-sm text-error">
            {file.problem}
          </p>
        )}
      </div>
      <Switch label={`Use ${file.file}`} checked={isOn} onChange={(isWanted) => void turn(file, isWanted)} />
    </li>
  )
}
