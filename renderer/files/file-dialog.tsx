import { FolderPlus, Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { FolderEntry, FolderReach } from '../../core/contract/files.ts'
import type { Chord } from '../commands/chord.ts'
import { useInfo } from '../queries/status.ts'
import { Button } from '../ui/controls/button.tsx'
import { Field } from '../ui/controls/field.tsx'
import { Input } from '../ui/controls/input.tsx'
import { Kbd } from '../ui/controls/kbd.tsx'
import { Switch } from '../ui/controls/switch.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { FolderContent } from './folder-content.tsx'
import { FolderList } from './folder-list.tsx'
import { FolderTrail } from './folder-trail.tsx'
import { NewFolder } from './new-folder.tsx'
import { countWords, indexOfFile, type PickedPath, targetOf, whyNot } from './pick-target.ts'
import { useFolder } from './use-folder.ts'
import { type Picked, splitPath } from './written-path.ts'

export type FileDialogProps = {
  readonly picked: Picked
  readonly reach: FolderReach
  /** What the field says, where the dialog begins. */
  readonly value: string
  readonly onChoose: (path: PickedPath) => void
  readonly onClose: () => void
}

const TITLES: Readonly<Record<Picked, string>> = {
  folder: 'Choose a folder',
  file: 'Choose a file',
  'new-file': 'Choose or name a file',
}

/** Picks a folder or a file of the computer that the host runs on, wherever the screens are. */
export function FileDialog({ picked, reach, value, onChoose, onClose }: FileDialogProps) {
  const id = useId()
  const host = useInfo()?.host
  const [from] = useState(() => splitPath(value, picked))
  const [filter, setFilter] = useState('')
  const [hidden, setHidden] = useState(false)
  /** The entry that the arrow keys or the pointer went to. */
  const [marked, setMarked] = useState<number | null>(null)
  const [name, setName] = useState(from.name)
  const [isMaking, setMaking] = useState(false)
  const folder = useFolder(from.folder === '' && reach === 'anywhere' ? null : from.folder, {
    reach,
    files: picked !== 'folder',
    hidden,
    filter,
  })
  const { page, entries, isBusy } = folder
  const search = useRef<HTMLInputElement>(null)
  /** Enter was pressed before the list was the one that was typed for. */
  const isHasty = useRef(false)

  const active = marked ?? (filter !== '' ? 0 : picked === 'file' ? indexOfFile(entries, from.name) : -1)
  const entry = entries[active]
  const target = targetOf(picked, page, entry, name)

  const go = (path: string | null): void => {
    folder.go(path)
    setFilter('')
    setMarked(null)
    setMaking(false)
    search.current?.focus()
  }
  const stopMaking = (): void => {
    setMaking(false)
    search.current?.focus()
  }
  /** Escape leaves the innermost first. */
  const onEscape = (event: Event): void => {
    if (!isMaking && filter === '') return
    event.preventDefault()
    if (isMaking) stopMaking()
    else setFilter('')
    setMarked(null)
  }
  const choose = (path: PickedPath | null): void => {
    if (path === null) return
    onChoose(path)
    onClose()
  }
  const open = (one: FolderEntry): void => {
    if (whyNot(one) !== null) return
    if (one.kind === 'folder') go(one.path)
    else choose({ written: one.written, path: one.path })
  }
  const enter = (): void => {
    if (isBusy) isHasty.current = true
    else if (entry !== undefined) open(entry)
    else choose(target)
  }
  const mark = (index: number): void => {
    setMarked(index)
    const one = entries[index]
    if (one?.kind === 'file' && whyNot(one) === null) setName(one.name)
  }
  useEffect(() => {
    if (isBusy || !isHasty.current) return
    isHasty.current = false
    enter()
  })

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { key } = event
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : key === 'PageDown' ? 8 : key === 'PageUp' ? -8 : 0
    if (step !== 0) setMarked(Math.max(0, Math.min(entries.length - 1, active + step)))
    else if (key === 'Enter' && (event.ctrlKey || event.metaKey)) choose(target)
    else if (key === 'Enter') enter()
    else if (key === 'Backspace' && filter === '' && page !== null && page.path !== null)
      go(page.trail.at(-2)?.path ?? null)
    else return
    event.preventDefault()
  }

  return (
    <Dialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      onEscape={onEscape}
      width={640}
      title={TITLES[picked]}
      description={
        host === 'desktop'
          ? 'On this computer.'
          : 'On the computer that Hookline runs on, which may be another than this.'
      }
      footer={
        <>
          {/* Its end is what tells: from right to left, the beginning is what gives way. */}
          <p dir="rtl" className="min-w-0 flex-1 self-center truncate text-left font-mono text-sm text-ink-soft">
            <bdi dir="ltr" title={target?.path}>
              {target?.path}
            </bdi>
          </p>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={target === null} onClick={() => choose(target)}>
            {picked === 'folder' ? 'Choose this folder' : 'Choose this file'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2.5 pt-px">
        <div className="flex items-start gap-2">
          <FolderTrail page={page} reach={reach} onGo={go} />
          <Button
            size="sm"
            icon={FolderPlus}
            aria-expanded={isMaking}
            disabled={page === null || page.path === null}
            onClick={() => setMaking(!isMaking)}
          >
            New folder
          </Button>
        </div>
        <div className="relative flex items-center gap-4">
          <Search size={14} aria-hidden className="pointer-events-none absolute left-2.5 text-ink-faint" />
          <Input
            ref={search}
            autoFocus
            role="combobox"
            aria-label="Find in this folder"
            aria-expanded="true"
            aria-autocomplete="list"
            aria-controls={`${id}-list`}
            aria-activedescendant={entry === undefined ? undefined : `${id}-list-${active}`}
            className="pl-8!"
            placeholder="Type to find"
            value={filter}
            onChange={(event) => {
              setFilter(event.currentTarget.value)
              setMarked(null)
            }}
            onKeyDown={onKeyDown}
          />
          <label htmlFor={`${id}-hidden`} className="flex shrink-0 items-center gap-2 text-sm text-ink-soft">
            <Switch id={`${id}-hidden`} checked={hidden} onChange={setHidden} />
            Hidden ones
          </label>
        </div>
        {isMaking && page !== null && page.path !== null && (
          <div>
            <NewFolder folder={page.path} reach={reach} onMade={go} onCancel={stopMaking} />
          </div>
        )}
        <div
          className={classNames(
            'overflow-hidden rounded border border-line bg-sunken',
            isMaking ? 'h-[min(216px,30vh)]' : 'h-[min(296px,40vh)]',
          )}
        >
          <FolderContent folder={folder} filter={filter}>
            <FolderList
              key={page?.path ?? ''}
              id={`${id}-list`}
              entries={entries}
              total={page?.total ?? 0}
              active={active}
              onActive={mark}
              onOpen={open}
              onEnd={folder.more}
            />
          </FolderContent>
        </div>
        <p className="flex justify-between gap-4 text-sm text-ink-faint">
          <span role="status">{page === null || page.path === null ? '' : countWords(page, filter)}</span>
          <span className="flex items-center gap-3 max-[639px]:hidden">
            <KeyHint keys="Enter">open</KeyHint>
            <KeyHint keys="Backspace">up</KeyHint>
            <KeyHint keys="Mod+Enter">choose</KeyHint>
          </span>
        </p>
        {picked === 'new-file' && (
          <div>
            <Field
              label="File name"
              htmlFor={`${id}-name`}
              help="A file that is not there yet is made when it is written."
            >
              <Input
                id={`${id}-name`}
                aria-describedby={`${id}-name-help`}
                placeholder="orders.txt"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') choose(target)
                }}
              />
            </Field>
          </div>
        )}
      </div>
    </Dialog>
  )
}

function KeyHint({ keys, children }: { keys: Chord; children: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      <Kbd keys={keys} /> {children}
    </span>
  )
}
