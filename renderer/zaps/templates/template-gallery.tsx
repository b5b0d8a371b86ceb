import { Search } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { ZapFile } from '../../../core/domain/zap/zap-file.ts'
import { Input } from '../../ui/controls/input.tsx'
import { Dialog } from '../../ui/layers/dialog.tsx'
import { createZap } from '../zap-actions.ts'
import { GraphPicture } from './graph-picture.tsx'
import { readTemplates, templatesWith } from './templates.ts'

/** Cards in a row. */
const COLUMNS = 3

/** Zaps to begin with: a picture, a name and a line each. Choosing one makes a draft of it and opens it. */
export function TemplateGallery({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation()
  const [search, setSearch] = useState('')
  const [isBusy, setBusy] = useState(false)
  const list = useRef<HTMLUListElement>(null)
  const templates = useMemo(readTemplates, [])
  const shown = useMemo(() => templatesWith(templates, search), [templates, search])

  const choose = async (zap: ZapFile | undefined): Promise<void> => {
    if (isBusy || zap === undefined) return
    setBusy(true)
    const id = await createZap(zap)
    setBusy(false)
    if (id === null) return
    onClose()
    navigate(`/zaps/${id}`)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: COLUMNS, ArrowUp: -COLUMNS, ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const cards = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = cards.findIndex((card) => card.matches(':focus'))
    // From the search field only down leads to the cards: the other arrows move its caret.
    if (at === -1 && event.key !== 'ArrowDown') return
    event.preventDefault()
    cards[at === -1 ? 0 : Math.max(0, Math.min(cards.length - 1, at + step))]?.focus()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width={920}
      title="New zap from a template"
      description="Each works on this computer alone. It becomes a draft that you can change; nothing runs until you publish it."
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows lead from card to card */}
      <div onKeyDown={onKeyDown} className="flex flex-col gap-4 pt-1">
        <div className="relative">
          <Search size={14} aria-hidden className="absolute top-2.25 left-2.5 text-ink-faint" />
          <Input
            type="search"
            autoFocus
            aria-label="Search templates"
            placeholder="Search templates"
            className="pl-8"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void choose(shown[0])
            }}
          />
        </div>
        <p role="status" className="sr-only">
          {shown.length === 1 ? '1 template' : `${shown.length} templates`}
        </p>
        {shown.length === 0 && (
          <p className="py-10 text-center text-ink-faint">No template is about that. A blank zap may be quicker.</p>
        )}
        <ul ref={list} aria-label="Templates" className="grid grid-cols-3 gap-3">
          {shown.map((zap) => (
            <li key={zap.name} className="flex">
              <button
                type="button"
                disabled={isBusy}
                onClick={() => void choose(zap)}
                className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-lg border border-line bg-surface text-left shadow-card transition-colors hover:border-accent focus-visible:border-accent"
              >
                <span className="flex h-36 w-full items-center justify-center border-b border-line bg-sunken p-3">
                  <GraphPicture zap={zap} className="max-h-full max-w-full" />
                </span>
                <span className="flex flex-col gap-0.5 p-3">
                  <span className="font-semibold text-ink">{zap.name}</span>
                  <span className="text-sm text-ink-soft">{zap.description}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  )
}
