import { FolderCheck, X } from 'lucide-react'
import type { AllowedFolderView } from '../../core/contract/files.ts'
import { allowFolder, disallowFolder, useAllowedFolders } from '../files/allowed-folders.ts'
import { BrowseButton } from '../files/browse-button.tsx'
import { IconButton } from '../ui/controls/button.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Section } from '../ui/page/section.tsx'
import { Spinner } from '../ui/page/spinner.tsx'

const FROM: Readonly<Record<AllowedFolderView['from'], string | null>> = {
  hookline: "Hookline's own; relative paths begin here",
  environment: 'By HOOKLINE_ALLOW_FOLDERS',
  settings: null,
}

/** The folders that steps may use, and more of them. */
export function FoldersSection() {
  const { data: folders, failure } = useAllowedFolders()
  return (
    <Section
      title="Folders for steps"
      description="Steps read and write files in these folders, and nowhere else."
      control={
        <BrowseButton
          what="a folder to allow"
          label="Allow a folder…"
          picked="folder"
          reach="anywhere"
          value=""
          onChoose={({ path }) => void allowFolder(path)}
        />
      }
    >
      {folders === null && failure === null && <Spinner label="Asking the host…" />}
      {failure !== null && (
        <ErrorNote title="The folders could not be read." remedy={failure.message} details={failure.details} />
      )}
      {folders !== null && (
        <ul aria-label="Folders for steps" className="flex flex-col gap-2">
          {folders.map(({ path, from }) => (
            <li key={`${from} ${path}`} className="flex min-h-6 items-center gap-2.5">
              <FolderCheck size={15} aria-hidden className="shrink-0 text-ink-faint" />
              <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
                <code className="font-mono text-sm break-all">{path}</code>
                {FROM[from] !== null && <span className="text-sm text-ink-faint">{FROM[from]}</span>}
              </div>
              {from === 'settings' && (
                <IconButton
                  icon={X}
                  size="sm"
                  label={`Stop allowing ${path}`}
                  onClick={() => void disallowFolder(path)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
