import { Rocket, Tag } from 'lucide-react'
import { useState } from 'react'
import type { Failure } from '../api/failure.ts'
import { THIS_ZAP_GROUP, usePaletteEntries } from '../commands/palette-store.ts'
import { useDraft } from '../draft/session/draft-store.ts'
import type { ZapSession } from '../draft/session/zap-session.ts'
import { SplitButton } from '../ui/controls/split-button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { VersionNameDialog } from '../versions/version-name-dialog.tsx'

/** Makes the draft live, with a name for the version where one is wanted. */
export function PublishButton({
  session,
  onFailure,
}: {
  session: ZapSession
  onFailure(title: string, failure: Failure): void
}) {
  const differs = useDraft((state) => state.host.draftDiffers || state.save.kind !== 'saved')
  const status = useDraft((state) => state.host.status)
  const [busy, setBusy] = useState(false)
  const [isNaming, setNaming] = useState(false)
  const publish = async (name?: string): Promise<void> => {
    setBusy(true)
    const failure = await session.publish(name)
    setBusy(false)
    if (failure) return onFailure('The draft could not be published', failure)
    const { liveVersion } = session.store.getState().host
    toast({
      title: `Live: version ${liveVersion ?? 1}${name === undefined ? '' : `, “${name}”`}`,
      tone: 'success',
    })
  }
  usePaletteEntries(() => [
    { id: 'publish', group: THIS_ZAP_GROUP, title: 'Publish', icon: Rocket, run: () => void publish() },
    {
      id: 'publish-named',
      group: THIS_ZAP_GROUP,
      title: 'Publish with a name…',
      icon: Tag,
      words: 'version',
      run: () => setNaming(true),
    },
  ])
  const isLive = status === 'enabled' && !differs
  return (
    <>
      <SplitButton
        variant={isLive ? 'secondary' : 'primary'}
        icon={Rocket}
        loading={busy}
        onClick={() => void publish()}
        hint={isLive ? 'The live version is the same as this draft' : 'Make this draft the live version'}
        items={[{ label: 'Publish with a name…', icon: Tag, onSelect: () => setNaming(true) }]}
        more="Other ways to go live"
      >
        Publish
      </SplitButton>
      {isNaming && (
        <VersionNameDialog
          title="Publish with a name"
          act="Publish"
          name=""
          onName={(name) => {
            setNaming(false)
            void publish(name ?? undefined)
          }}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  )
}
