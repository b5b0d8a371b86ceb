import { DatabaseBackup } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { BrowseButton } from '../files/browse-button.tsx'
import { useInfo } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { formatBytes } from '../ui/words/format-bytes.ts'
import { backupFileName } from './backup-file-name.ts'

/** Writes a backup to a file of its own, which nothing ever deletes. */
export function BackupElsewhere() {
  const dataDir = useInfo()?.dataDir
  const [file, setFile] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    if (dataDir !== undefined) setFile(backupFileName(dataDir, new Date()))
  }, [dataDir])

  const backUp = async () => {
    setBusy(true)
    setFailure(null)
    try {
      const made = await api.system.backup({ file })
      toast({ title: `Backed up, ${formatBytes(made.bytes)}`, detail: made.file, tone: 'success' })
      // The next one needs a name of its own.
      if (dataDir !== undefined) setFile(backupFileName(dataDir, new Date()))
    } catch (thrown) {
      setFailure(describeFailure(thrown))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        void backUp()
      }}
    >
      <Field
        label="A copy elsewhere"
        htmlFor="backup-file"
        help="Stays until you delete it. A path that does not exist yet, on the computer that runs Hookline."
      >
        <div className="flex gap-2">
          <Input
            id="backup-file"
            className="font-mono text-sm"
            aria-describedby="backup-file-help"
            value={file}
            onChange={(event) => setFile(event.currentTarget.value)}
          />
          <BrowseButton
            what="where the copy goes"
            picked="new-file"
            reach="anywhere"
            value={file}
            onChoose={({ path }) => setFile(path)}
          />
          <Button type="submit" icon={DatabaseBackup} loading={busy} disabled={file.trim() === ''}>
            Write the copy
          </Button>
        </div>
      </Field>
      {failure !== null && (
        <ErrorNote title="No copy was written." remedy={failure.message} details={failure.details} />
      )}
    </form>
  )
}
