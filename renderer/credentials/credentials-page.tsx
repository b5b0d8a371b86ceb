import { Globe, KeyRound, Pencil, PlugZap, Plus, RefreshCw, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import type { CredentialSummary } from '../../core/contract/values.ts'
import { describeFailure } from '../api/failure.ts'
import { reloadInfo, useInfo } from '../queries/status.ts'
import { Button, IconButton } from '../ui/controls/button.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { type Column, TABLE_ROW, Table } from '../ui/lists/table.tsx'
import { useReveal } from '../ui/lists/use-reveal.ts'
import { EmptyState } from '../ui/page/empty-state.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { Page } from '../ui/page/page.tsx'
import { Spinner } from '../ui/page/spinner.tsx'
import { RelativeTime } from '../ui/words/relative-time.tsx'
import { CredentialDialog } from './credential-dialog.tsx'
import { CredentialHostsDialog } from './credential-hosts.tsx'
import { CredentialTestDialog } from './credential-test.tsx'
import { useCredentialTypes } from './credential-types.ts'
import { reloadCredentials, useCredentials } from './credentials.ts'
import { DeleteCredentialDialog } from './delete-credential-dialog.tsx'
import { RenameCredentialDialog } from './rename-credential-dialog.tsx'
import { SignInDialog } from './sign-in-dialog.tsx'
import { SignInState } from './sign-in-state.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'Name and type' },
  { title: 'Account', width: '168px' },
  { title: 'Goes to', width: '13%' },
  { title: 'Used by' },
  { title: 'Changed', width: '96px' },
  { title: 'Actions', width: '192px', isTitleHidden: true },
]

/** Secrets that zaps use by name. What is stored is never shown again. */
export function CredentialsPage() {
  const { data: credentials, failure } = useCredentials()
  const isLocked = useInfo()?.secretProtection === 'locked'
  const [editing, setEditing] = useState<CredentialSummary | 'new' | null>(null)
  const [binding, setBinding] = useState<CredentialSummary | null>(null)
  const [renaming, setRenaming] = useState<CredentialSummary | null>(null)
  const [testing, setTesting] = useState<CredentialSummary | null>(null)
  const [signingIn, setSigningIn] = useState<CredentialSummary | null>(null)
  const [deleting, setDeleting] = useState<CredentialSummary | null>(null)

  const newButton = (
    <Button variant="primary" icon={Plus} onClick={() => setEditing('new')}>
      New credential
    </Button>
  )
  return (
    <Page title="Credentials" actions={newButton}>
      {failure !== null && credentials === null && (
        <ErrorNote title="The credentials could not be read." remedy={failure.message} details={failure.details} />
      )}
      {isLocked && (
        <div className="mb-3">
          <ErrorNote
            title="The keychain of this system was locked when Hookline started."
            remedy="Unlock it: until then none of these can be read, tested or stored. Zaps that need none of them run."
            action={<LookAgain />}
          />
        </div>
      )}
      {credentials === null && failure === null && <Spinner label="Reading the credentials…" />}
      {credentials !== null && credentials.length === 0 && (
        <EmptyState
          icon={KeyRound}
          title="No credentials yet"
          action={<Button onClick={() => setEditing('new')}>Add a credential</Button>}
        >
          Tokens and passwords live here, encrypted on this computer. Zaps name them; exported zaps never contain them.
        </EmptyState>
      )}
      {credentials !== null && credentials.length > 0 && (
        <Table label="Credentials" columns={COLUMNS}>
          {credentials.map((credential) => (
            <CredentialRow
              key={credential.name}
              credential={credential}
              onSignIn={() => setSigningIn(credential)}
              onTest={() => setTesting(credential)}
              onReplace={() => setEditing(credential)}
              onBind={() => setBinding(credential)}
              onRename={() => setRenaming(credential)}
              onDelete={() => setDeleting(credential)}
            />
          ))}
        </Table>
      )}
      {editing !== null && (
        <CredentialDialog
          replaces={editing === 'new' ? null : editing}
          taken={credentials?.map((credential) => credential.name) ?? []}
          onClose={() => setEditing(null)}
        />
      )}
      {testing !== null && (
        <CredentialTestDialog
          credential={testing}
          onReplace={() => {
            setTesting(null)
            setEditing(testing)
          }}
          onClose={() => setTesting(null)}
        />
      )}
      {signingIn !== null && <SignInDialog name={signingIn.name} onClose={() => setSigningIn(null)} />}
      {renaming !== null && <RenameCredentialDialog credential={renaming} onClose={() => setRenaming(null)} />}
      {binding !== null && <CredentialHostsDialog credential={binding} onClose={() => setBinding(null)} />}
      <DeleteCredentialDialog credential={deleting} onClose={() => setDeleting(null)} />
    </Page>
  )
}

/** Looks whether the keychain was unlocked. */
function LookAgain() {
  const [busy, setBusy] = useState(false)
  const look = async (): Promise<void> => {
    setBusy(true)
    try {
      const { secretProtection } = await reloadInfo()
      await reloadCredentials()
      if (secretProtection === 'locked') toast({ title: 'The keychain is still locked', tone: 'error' })
    } catch (thrown) {
      toast({ title: describeFailure(thrown).message, tone: 'error' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="sm" icon={RefreshCw} loading={busy} className="ml-2" onClick={() => void look()}>
      It is unlocked
    </Button>
  )
}

function CredentialRow({
  credential,
  onSignIn,
  onTest,
  onReplace,
  onBind,
  onRename,
  onDelete,
}: {
  credential: CredentialSummary
  onSignIn: () => void
  onTest: () => void
  onReplace: () => void
  onBind: () => void
  onRename: () => void
  onDelete: () => void
}) {
  const type = useCredentialTypes().find(({ id }) => id === credential.type)
  return (
    <tr className={TABLE_ROW} style={{ height: 52 }}>
      <td className="py-2">
        <p className="truncate font-medium" title={credential.title}>
          {credential.title}
          {credential.title !== credential.name && (
            <code className="ml-2 font-mono text-xs font-normal text-ink-faint">{credential.name}</code>
          )}
        </p>
        <p className="truncate text-sm text-ink-faint">{type?.title ?? credential.type}</p>
      </td>
      <td className="text-ink-soft">
        <SignInState credential={credential} onSignIn={onSignIn} />
      </td>
      <td className="truncate text-ink-soft" title={credential.hosts?.join(', ')}>
        {credential.hosts === null ? <span className="text-ink-faint">Any host</span> : credential.hosts.join(', ')}
      </td>
      <td className="py-2 text-ink-soft">
        <UsedBy zaps={credential.zaps} />
      </td>
      <td className="text-ink-soft">
        <RelativeTime iso={credential.updatedAt} />
      </td>
      <td className="text-right whitespace-nowrap">
        <IconButton icon={PlugZap} label={`Test ${credential.name}`} onClick={onTest} />
        <IconButton icon={Pencil} label={`Rename ${credential.name}`} onClick={onRename} />
        <IconButton icon={Globe} label={`Hosts of ${credential.name}`} onClick={onBind} />
        <IconButton icon={RefreshCw} label={`Replace the secret of ${credential.name}`} onClick={onReplace} />
        <IconButton icon={Trash2} label={`Delete ${credential.name}`} onClick={onDelete} />
      </td>
    </tr>
  )
}

const ZAPS_AT_FIRST = 2

/** The zaps that use a credential: a few at first. */
function UsedBy({ zaps }: Pick<CredentialSummary, 'zaps'>) {
  const [isWhole, setWhole] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const reveal = useReveal(list)
  if (zaps.length === 0) return <span className="text-ink-faint">No zap</span>
  // One more takes no more room than what would say so.
  const shown = isWhole || zaps.length <= ZAPS_AT_FIRST + 1 ? zaps : zaps.slice(0, ZAPS_AT_FIRST)
  return (
    <ul ref={list} className="flex flex-col gap-0.5">
      {shown.map(({ id, name }) => (
        <li key={id} className="truncate">
          <Link
            href={`/zaps/${id}`}
            title={name}
            className="rounded-sm text-ink-soft underline decoration-line-strong hover:text-ink"
          >
            {name}
          </Link>
        </li>
      ))}
      {shown.length < zaps.length && (
        <li>
          <button
            type="button"
            className="rounded-sm text-sm font-medium text-accent"
            onClick={() => {
              reveal(shown.length)
              setWhole(true)
            }}
          >
            {zaps.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  )
}
