import { create } from 'zustand'
import type { PermissionItem, ZapPermissionsView } from '../../../core/contract/values.ts'
import { ZAP_FORMAT } from '../../../core/domain/zap/zap-file.ts'
import { api } from '../../api/client.ts'
import { describeFailure } from '../../api/failure.ts'
import type { StepGroup } from '../../draft/operations/insert-steps.ts'
import { cautionWord, purposeWords, whatWords } from '../../permissions/permission-words.ts'
import { ConfirmDialog } from '../../ui/layers/dialog.tsx'
import { toast } from '../../ui/layers/toast.tsx'

type Asked = { readonly items: ZapPermissionsView['items']; insert(): void }

const useAsked = create<{ asked: Asked | null }>(() => ({ asked: null }))

/** Inserts steps that came as text from elsewhere, once a person has seen what they want to touch. */
export async function insertForeign(group: StepGroup, insert: () => void): Promise<void> {
  const content = { format: ZAP_FORMAT, name: 'Pasted steps', ...group }
  try {
    const { zaps } = await api.zaps.preview({ files: [{ file: 'The clipboard', content }] })
    const items = zaps[0]?.permissions.items ?? []
    if (items.length === 0) insert()
    else useAsked.setState({ asked: { items, insert } })
  } catch (thrown) {
    toast({ title: 'The steps were not pasted', detail: describeFailure(thrown).message, tone: 'error' })
  }
}

/** Asks before steps from elsewhere are pasted: they become steps like any other, with all that they name. */
export function PastedStepsDialog() {
  const { asked } = useAsked()
  const close = (): void => useAsked.setState({ asked: null })
  return (
    <ConfirmDialog
      open={asked !== null}
      onOpenChange={(open) => !open && close()}
      title="Paste steps from elsewhere?"
      confirm="Paste"
      tone="primary"
      onConfirm={() => {
        asked?.insert()
        close()
      }}
    >
      <p>They were not copied in this window. In this zap they may then touch:</p>
      <ul className="mt-2 flex max-h-60 flex-col gap-1.5 overflow-y-auto">
        {asked?.items.map((item) => (
          <Wanted key={item.key} item={item} />
        ))}
      </ul>
    </ConfirmDialog>
  )
}

function Wanted({ item }: { item: PermissionItem }) {
  const caution = cautionWord(item)
  return (
    <li>
      <span className="block font-medium break-all text-ink">{whatWords(item)}</span>
      <span className="block text-sm">
        {purposeWords(item)}
        {caution !== null && <span className="font-medium text-waiting"> · {item.caution}</span>}
      </span>
    </li>
  )
}
