import { CircleAlert, Clock, Power, Shield, ShieldCheck } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { ImportPreview, PermissionItem, ZapPermissionsView } from '../../core/contract/values.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import { api } from '../api/client.ts'
import { describeFailure, type Failure } from '../api/failure.ts'
import { BrowseButton } from '../files/browse-button.tsx'
import { Button } from '../ui/controls/button.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'
import { useDocumentTitle } from '../ui/page/use-document-title.ts'
import { linkCredential, movePath } from './adapt-zap.ts'
import { CredentialLink } from './credential-link.tsx'
import { PermissionLine } from './permission-line.tsx'
import { isOffAtFirst, PERMISSION_GROUPS } from './permission-words.ts'

const ZapContents = lazy(async () => ({ default: (await import('./zap-contents.tsx')).ZapContents }))

/** One zap from elsewhere: what it may do at the left, what it is at the right, and a person's word on it below. */
export function ZapReview({
  preview,
  title,
  source,
  promise,
  refuse,
  approve,
  onRefuse,
  onApprove,
}: {
  preview: ImportPreview
  title: string
  /** Where it comes from. */
  source: string
  /** What has happened so far, and what will. */
  promise: string
  refuse: string
  approve: string
  onRefuse(): void
  /** `content` is the zap with the links and folders that were chosen. */
  onApprove(content: ZapFile, denied: readonly string[]): Promise<void>
}) {
  useDocumentTitle(title)
  const [zap, setZap] = useState(preview.zap)
  const [view, setView] = useState(preview.permissions)
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [lit, setLit] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)

  const isAllowed = (item: PermissionItem): boolean => item.exists && (chosen.get(item.key) ?? !isOffAtFirst(item))
  const denied = view.items.filter((item) => !isAllowed(item)).map(({ key }) => key)
  const unlinked = view.items.filter((item) => item.kind === 'credential' && !item.exists).length

  /** Takes a zap in which something was chosen, and asks anew what it wants. */
  const adapt = async (next: ZapFile): Promise<void> => {
    try {
      const { zaps } = await api.zaps.preview({ files: [{ file: preview.file, content: next }] })
      const [again] = zaps
      if (again === undefined) return
      setZap(next)
      setView(again.permissions)
      setFailure(null)
    } catch (thrown) {
      setFailure(describeFailure(thrown))
    }
  }
  const submit = async (): Promise<void> => {
    if (zap === null || busy) return
    setBusy(true)
    try {
      await onApprove(zap, denied)
    } catch (thrown) {
      setFailure(describeFailure(thrown))
      setBusy(false)
    }
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector('[role="dialog"], [role="listbox"]') !== null) return
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit()
      else if (event.key === 'Escape') onRefuse()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
  const litSteps = useMemo(
    () => view.items.find(({ key }) => key === lit)?.steps.map(({ id }) => id) ?? [],
    [view, lit],
  )
  const [step, setStep] = useState<string | null>(null)
  const shownStep = step ?? litSteps[0] ?? null

  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex shrink-0 flex-wrap items-baseline gap-x-3 px-6 pt-5 pb-4">
        <h1 className="text-xl font-semibold text-ink">
          <Link href="/zaps" className="rounded-sm font-normal text-ink-soft hover:underline">
            Zaps
          </Link>
          <span aria-hidden className="px-2 font-normal text-ink-faint">
            ›
          </span>
          {title}
        </h1>
        <span className="min-w-0 truncate text-ink-faint">{source}</span>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-4">
        {failure !== null && (
          <div className="pb-4">
            <ErrorNote title={failure.message} details={failure.details} />
          </div>
        )}
        <div className="grid h-full grid-cols-[minmax(0,10fr)_minmax(0,9fr)] gap-4 max-[900px]:h-auto max-[900px]:grid-cols-1">
          <Permissions
            view={view}
            isAllowed={isAllowed}
            lit={shownStep}
            onPoint={(item) => {
              setLit(item.key)
              setStep(item.steps[0]?.id ?? null)
            }}
            onAllow={(item, allowed) => setChosen(new Map([...chosen, [item.key, allowed]]))}
            onLink={(name, to) => zap !== null && void adapt(linkCredential(zap, name, to))}
            onMove={(item, path) => zap !== null && void adapt(movePath(zap, item, path))}
          />
          {zap !== null && (
            <Suspense fallback={<div className="min-h-60" />}>
              <ZapContents zap={zap} selected={shownStep} onSelect={setStep} />
            </Suspense>
          )}
        </div>
      </div>
      <footer className="flex shrink-0 flex-wrap items-center gap-3 border-t border-line bg-surface px-6 py-3">
        <Shield size={16} aria-hidden className="text-ink-faint" />
        <p className="mr-auto text-ink-soft">{promise}</p>
        {unlinked > 0 && (
          <p className="flex items-center gap-1.5 font-medium text-waiting">
            <CircleAlert size={14} aria-hidden />
            {unlinked === 1 ? '1 credential to link, can wait' : `${unlinked} credentials to link, can wait`}
          </p>
        )}
        <Button onClick={onRefuse}>{refuse}</Button>
        <Button
          variant="primary"
          icon={ShieldCheck}
          loading={busy}
          disabled={zap === null}
          onClick={() => void submit()}
        >
          {approve}
        </Button>
      </footer>
    </main>
  )
}

const CARD = 'rounded-lg border border-line bg-surface shadow-card'

function Permissions({
  view,
  isAllowed,
  lit,
  onPoint,
  onAllow,
  onLink,
  onMove,
}: {
  view: ZapPermissionsView
  isAllowed: (item: PermissionItem) => boolean
  lit: string | null
  onPoint: (item: PermissionItem) => void
  onAllow: (item: PermissionItem, allowed: boolean) => void
  onLink: (name: string, to: string) => void
  onMove: (item: PermissionItem, path: string) => void
}) {
  return (
    <section
      aria-labelledby="review-permissions"
      className={`${CARD} self-start overflow-hidden max-h-full overflow-y-auto max-[900px]:max-h-none`}
    >
      <div className="px-4 py-3.5">
        <h2 id="review-permissions" className="text-lg font-semibold">
          What it may do
        </h2>
        <p className="text-ink-soft">
          {view.items.length === 0
            ? 'It asks for nothing: it only works with what it is given.'
            : 'Nothing else. Anything that it tries beyond this list is refused.'}
        </p>
      </div>
      {PERMISSION_GROUPS.map(({ title, icon: Icon, kinds }) => {
        const items = view.items.filter(({ kind }) => kinds.includes(kind))
        if (items.length === 0) return null
        const isLinked = kinds.includes('credential')
        return (
          <section key={title} aria-label={title} className="border-t border-line py-2.5">
            <h3 className="flex items-center gap-2 px-4 py-1 font-semibold">
              <Icon size={15} aria-hidden className="text-ink-faint" />
              {isLinked ? 'Credentials to link' : title}
              {isLinked && <span className="font-normal text-ink-faint">the file holds none</span>}
            </h3>
            <ul>
              {items.map((item) => (
                <PermissionLine
                  key={item.key}
                  item={item}
                  allowed={isAllowed(item)}
                  isLit={lit !== null && item.steps.some(({ id }) => id === lit)}
                  onPoint={() => onPoint(item)}
                  onChange={(allowed) => onAllow(item, allowed)}
                  {...(item.kind === 'credential' && {
                    control: (
                      <CredentialLink
                        item={item}
                        allowed={isAllowed(item)}
                        onAllow={(allowed) => onAllow(item, allowed)}
                        onLink={(to) => onLink(item.what, to)}
                      />
                    ),
                  })}
                  {...(item.kind === 'file' &&
                    !item.what.includes('*') && {
                      aside: (
                        <BrowseButton
                          what={`another place for ${item.what}`}
                          label="Elsewhere…"
                          picked="new-file"
                          reach="allowed"
                          value={item.what}
                          onChoose={({ written }) => onMove(item, written)}
                        />
                      ),
                    })}
                />
              ))}
            </ul>
          </section>
        )
      })}
      <section aria-label="Starts by itself" className="border-t border-line py-2.5">
        <h3 className="flex items-center gap-2 px-4 py-1 font-semibold">
          <Clock size={15} aria-hidden className="text-ink-faint" />
          Starts by itself
        </h3>
        <ul>
          {view.starts.length === 0 && <li className="py-1.5 pr-4 pl-10 text-ink-soft">No: you start it by hand.</li>}
          {view.starts.map(({ step, name, words }) => (
            <li key={step} className="flex items-center gap-3 py-1.5 pr-4 pl-10">
              <div className="min-w-0 flex-1">
                <span className="block">{words}</span>
                <span className="block text-sm text-ink-faint">{name}</span>
              </div>
              <span className="flex shrink-0 items-center gap-1.5 text-sm text-ink-soft">
                <Power size={13} aria-hidden />
                Off until you switch it on
              </span>
            </li>
          ))}
        </ul>
      </section>
    </section>
  )
}
