import { DatabaseBackup } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Backups } from '../../core/contract/backup-values.ts'
import type { Failure } from '../api/failure.ts'
import { BrowseButton } from '../files/browse-button.tsx'
import { useInfo } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Select } from '../ui/controls/select.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Progress } from '../ui/page/progress.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { formatBytes } from '../ui/words/format-bytes.ts'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { BackupElsewhere } from './backup-elsewhere.tsx'
import { BackupList } from './backup-list.tsx'
import { configureBackups, makeBackup, useBackups } from './backups.ts'

/** The backups that are made by themselves: how, where, which ones are there, and how one is put back. */
export function BackupSection() {
  const { data: backups, failure } = useBackups()
  const dataDir = useInfo()?.dataDir ?? ''
  return (
    <Section
      title="Backups"
      description="A checked copy of everything, once a day: zaps, runs, waiting work, large values, and credentials in their encrypted form."
      control={
        <Switch
          label="Back up every day"
          checked={backups?.settings.enabled ?? false}
          disabled={backups === null}
          onChange={(enabled) =>
            void configureBackups({ enabled }, enabled ? 'A backup is made every day' : 'No backup is made by itself')
          }
        />
      }
    >
      {backups === null && failure === null && <Spinner label="Asking the host…" />}
      {backups === null && failure !== null && (
        <ErrorNote title="The backups could not be read." remedy={failure.message} details={failure.details} />
      )}
      {backups !== null && (
        <div className="flex flex-col gap-4">
          <Now backups={backups} />
          <Manner backups={backups} />
          {backups.unreadable === null && <BackupList backups={backups} dataDir={dataDir} />}
          <div className="-mx-5 border-t border-line px-5 pt-4">
            <BackupElsewhere />
          </div>
        </div>
      )}
    </Section>
  )
}

/** How it stands: the last one, the next one, the one that is under way, and what went wrong. */
function Now({ backups }: { backups: Backups }) {
  const { files, nextAt, copied, failure, unreadable } = backups
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Failure | null>(null)
  const [last] = files
  const make = async () => {
    setBusy(true)
    setRefusal(null)
    setRefusal(await makeBackup())
    setBusy(false)
  }
  const why = refusal?.message ?? failure?.message ?? unreadable
  return (
    <>
      <div className="flex items-center gap-6">
        <dl className="flex min-w-0 flex-1 gap-8">
          <Fact name="Last backup">
            {last === undefined ? (
              'none yet'
            ) : (
              <>
                <RelativeTime iso={last.at} />, {formatBytes(last.bytes)}
              </>
            )}
          </Fact>
          <Fact name="Next one">{nextAt === null ? 'when you make it' : <RelativeTime iso={nextAt} due />}</Fact>
        </dl>
        <Button icon={DatabaseBackup} loading={busy || copied !== null} onClick={() => void make()}>
          Back up now
        </Button>
      </div>
      {copied !== null && (
        <div className="flex items-center gap-3 text-sm text-ink-soft">
          <Progress value={Math.round(copied * 100)} total={100} label="Backup" />
          <span className="shrink-0 tabular-nums">
            {copied < 1 ? `Copying, ${Math.round(copied * 100)} %` : 'Checking the copy'}
          </span>
        </div>
      )}
      {why !== null && copied === null && (
        <ErrorNote
          title={refusal === null && failure !== null ? 'The last daily backup failed.' : 'No backup can be made.'}
          remedy={why}
        />
      )}
    </>
  )
}

const KEPT = [1, 3, 7, 14, 30, 90]

/** How many stay, and where they lie. */
function Manner({ backups }: { backups: Backups }) {
  const { settings, folder, ownFolder } = backups
  const counts = [...new Set([...KEPT, settings.keep])].sort((a, b) => a - b)
  const isOwn = folder === ownFolder
  return (
    <div className="grid grid-cols-[160px_minmax(0,1fr)] items-start gap-4">
      <Field label="Keep" htmlFor="backup-keep" help="Older ones are deleted.">
        <Select
          id="backup-keep"
          describedBy="backup-keep-help"
          value={String(settings.keep)}
          options={counts.map((count) => ({
            value: String(count),
            label: count === 1 ? 'the newest' : `the newest ${count}`,
          }))}
          onChange={(keep) =>
            void configureBackups(
              { keep: Number(keep) },
              keep === '1' ? 'The newest backup is kept' : `The newest ${keep} backups are kept`,
            )
          }
        />
      </Field>
      <div className="flex min-w-0 flex-col gap-1">
        <span className="flex min-h-5 items-center text-sm font-medium text-ink-soft">Folder</span>
        <div className="flex min-h-8 items-center gap-2">
          <code className="min-w-0 flex-1 truncate font-mono text-sm" title={folder}>
            {folder}
          </code>
          {!isOwn && (
            <Button
              variant="ghost"
              onClick={() => void configureBackups({ folder: null }, "Backups go to Hookline's own folder")}
            >
              Use Hookline's own
            </Button>
          )}
          <BrowseButton
            what="the folder for backups"
            label="Change…"
            picked="folder"
            reach="anywhere"
            value={isOwn ? '' : folder}
            onChoose={({ path }) =>
              void configureBackups(
                { folder: path === ownFolder ? null : path },
                'Backups go to another folder from now on',
              )
            }
          />
        </div>
        <p className="text-sm text-ink-faint">
          {isOwn
            ? 'On the same disk as the data. A folder on another disk also survives the loss of this one.'
            : 'Backups in other folders stay where they are.'}
        </p>
      </div>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-ink-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
