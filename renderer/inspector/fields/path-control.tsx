import { useDraftStore } from '../../draft/session/draft-store.ts'
import { AllowFolderButton } from '../../files/allow-folder-button.tsx'
import { BrowseButton } from '../../files/browse-button.tsx'
import { type ControlProps, useFolderToAllow, useSetValue } from '../form/form-context.ts'
import { TemplateControl } from './template-control.tsx'

/** A path to a file or a folder: text with templates, or picked in a dialog. */
export function PathControl(props: ControlProps) {
  const { field, path, value } = props
  const store = useDraftStore()
  const setValue = useSetValue(field)
  const folder = useFolderToAllow(path)
  return (
    <div className="flex items-start gap-1.5">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <TemplateControl {...props} />
        {folder !== null && (
          <div>
            <AllowFolderButton folder={folder} />
          </div>
        )}
      </div>
      <BrowseButton
        what={field.title}
        picked={field.control === 'folder-path' ? 'folder' : field.mustExist ? 'file' : 'new-file'}
        reach="allowed"
        value={typeof value === 'string' ? value : ''}
        onChoose={({ written }) => {
          // A step of undo of its own, apart from what was typed just before.
          store.getState().pauseTyping()
          setValue(path, written)
          store.getState().pauseTyping()
        }}
      />
    </div>
  )
}
