import { FolderCheck } from 'lucide-react'
import { Button } from '../ui/controls/button.tsx'
import { allowFolder } from './allowed-folders.ts'

/** Beside a problem whose remedy it is. What the folder opens is asked first, where that is more than files. */
export function AllowFolderButton({ folder }: { folder: string }) {
  return (
    <Button size="sm" icon={FolderCheck} title={folder} onClick={() => void allowFolder(folder)}>
      Allow this folder
    </Button>
  )
}
