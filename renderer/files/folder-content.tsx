import { FolderOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { FolderFailureNote } from './folder-failure.tsx'
import type { Folder } from './use-folder.ts'

/** What stands where the list does: the list, or why there is none. */
export function FolderContent({ folder, filter, children }: { folder: Folder; filter: string; children: ReactNode }) {
  const { page, failure, isBusy } = folder
  if (failure !== null)
    return <FolderFailureNote failure={failure} onAllowed={folder.reload} onPlaces={() => folder.go(null)} />
  if (page === null)
    return (
      <div className="flex h-full items-center justify-center">
        <Spinner label="Looking…" />
      </div>
    )
  if (page.total > 0 || isBusy) return children
  return (
    <EmptyState icon={FolderOpen} title={filter === '' ? 'Nothing in here' : `Nothing is called “${filter}”`}>
      {filter === ''
        ? 'Backspace goes up; a new folder can be made here.'
        : 'Only this folder was looked at, not those in it.'}
    </EmptyState>
  )
}
