import { Search } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { Input } from '../../ui/controls/input.tsx'
import { Dialog } from '../../ui/layers/dialog.tsx'
import { createFromTemplate } from '../zap-actions.ts'
import { GraphPicture } from './graph-picture.tsx'
import { readTemplates, TEMPLATE_GROUPS, type Template, templatesWith } from './templates.ts'

/** Zaps to begin with: a picture, a name and a line each. Choosing one makes a draft of it and opens it. */
export function TemplateGallery({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation()
  const [search, setSearch] = useState('')
  const [isBusy, setBusy] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const templates = useMemo(readTemplates, [])
  const shown = useMemo(() => templatesWith(templates, search), [templates, search])

  const choose = async (template: Template | undefined): Promise<void> => {
    if (isBusy || template === undefined) return
    setBusy(true)
    const id = await createFromTemplate(template)
    setBusy(false)
    if (id === null) return
    onClose()
    navigate(`/zaps/${id}`)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft'].includes(event.key)) return
    const cards = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = cards.findIndex((card) => card.matches(':focus'))
    // From the search field only down leads to the cards: the other arrows move its caret.
    if (at === -1 && event.key !== 'ArrowDown') return
    event.preventDefault()
    cards[at === -1 ? 0 : cardTowards(cards, at, event.key)]?.focus()
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
        <div ref={list} className="flex flex-col gap-5">
          {TEMPLATE_GROUPS.map((group) => {
            const ofGroup = shown.filter((template) => template.group === group)
            if (ofGroup.length === 0) return null
            return (
              <section key={group} aria-label={group} className="flex flex-col gap-2">
                <h3 className="text-sm font-semibold text-ink-soft">{group}</h3>
                <ul aria-label={group} className="grid grid-cols-3 gap-3">
                  {ofGroup.map((template) => (
                    <li key={template.zap.name} className="flex">
                      <Card template={template} isBusy={isBusy} onChoose={() => void choose(template)} />
                    </li>
                  ))}
                </ul>
              </section>
            )
          })}
        </div>
      </div>
    </Dialog>
  )
}

function Card({ template: { zap }, isBusy, onChoose }: { template: Template; isBusy: boolean; onChoose: () => void }) {
  return (
    <button
      type="button"
      disabled={isBusy}
      onClick={onChoose}
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
  )
}

/** The card to which an arrow leads: the next one in reading order, or the nearest in the line below or above. */
function cardTowards(cards: readonly HTMLElement[], from: number, key: string): number {
  if (key === 'ArrowRight' || key === 'ArrowLeft')
    return Math.max(0, Math.min(cards.length - 1, from + (key === 'ArrowRight' ? 1 : -1)))
  const step = key === 'ArrowDown' ? 1 : -1
  const { left = 0, top = 0 } = cards[from]?.getBoundingClientRect() ?? {}
  for (let at = from + step; at >= 0 && at < cards.length; at += step) {
    const box = cards[at]?.getBoundingClientRect()
    if (box === undefined || box.top === top) continue
    // The line of another group may be shorter.
    const inLine = cards.flatMap((card, place) =>
      card.getBoundingClientRect().top === box.top ? [{ place, card }] : [],
    )
    const best = inLine.toSorted(
      (a, b) =>
        Math.abs(a.card.getBoundingClientRect().left - left) - Math.abs(b.card.getBoundingClientRect().left - left),
    )
    return best[0]?.place ?? from
  }
  return from
}
